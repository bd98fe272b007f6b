package io.swarmscope;

import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Registry} is opened. A value; start from {@link #DEFAULT} and change what differs.
 *
 * @param network name of the network, 1 to 32 characters of {@code a-z 0-9 -}; it is part of every protocol id and is signed into every
 *     record, so nodes of other networks neither talk to this one nor can replay its records
 * @param listen where to listen; port 0 takes a free port. Empty: this node dials only
 * @param announce where others shall dial, if it differs from where this node listens, for example behind a port forward. Empty: the
 *     listen addresses
 * @param bootstrap nodes to join by, each with {@code /p2p} suffix
 * @param dataDirectory where the identity and all records are kept, for one node at a time; without one a new identity is made at each start and
 *     all is gone at close
 * @param dhtMode whether to serve the DHT
 * @param query deadlines, fan-out and result limits of calls
 * @param recordLifetime how long records stay in the network unless published again; 1 minute to 30 days
 * @param maxPackages how many packages of others the local index holds; 0 to 10,000,000. The oldest are forgotten beyond that
 * @param pinnedNamespaces namespaces that belong to a key whatever else was seen first; a record of another key in one of them is refused
 * @param topic the gossipsub topic on which this network's heads are told, the same for all its nodes; empty: {@code /<network>/heads/1}
 * @param messageIds how gossiped messages are named, the same for all nodes of the network
 * @param perf whether to answer the bandwidth test {@code /perf/1.0.0}; it lets any peer use this node's bandwidth
 * @param location where this node is. It tells so to every peer, to a tenth of a degree, and prefers peers that say they are near: among those that
 *     serve well, by at most 0.1 of their reputation. Empty: it neither tells nor prefers
 * @param openTelemetry where spans and metrics go. Empty: to the SDK that is registered in {@code GlobalOpenTelemetry} when the node is opened, as the
 *     OpenTelemetry Java agent does; if there is none, nowhere, and that costs nothing
 */
public record RegistryConfig(
        String network,
        List<Multiaddr> listen,
        List<Multiaddr> announce,
        List<Multiaddr> bootstrap,
        Optional<Path> dataDirectory,
        DhtMode dhtMode,
        QueryConfig query,
        Duration recordLifetime,
        int maxPackages,
        Map<String, PeerId> pinnedNamespaces,
        Optional<String> topic,
        MessageIdScheme messageIds,
        boolean perf,
        Optional<Location> location,
        Optional<OpenTelemetry> openTelemetry) {

    private static final Pattern NETWORK = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    /** The network that nodes join by default. */
    public static final String DEFAULT_NETWORK = "swarmscope";

    /**
     * Listens on a free port of all IPv4 interfaces, joins nobody, keeps nothing on disk.
     */
    public static final RegistryConfig DEFAULT = new RegistryConfig(
            DEFAULT_NETWORK,
            List.of(Multiaddr.parse("/ip4/0.0.0.0/tcp/0")),
            List.of(),
            List.of(),
            Optional.empty(),
            DhtMode.SERVER,
            QueryConfig.DEFAULT,
            Duration.ofHours(48),
            100_000,
            Map.of(),
            Optional.empty(),
            MessageIdScheme.GO,
            false,
            Optional.empty(),
            Optional.empty());

    /**
     * Checks every field and copies the lists.
     *
     * @throws RegistryException.InvalidInput naming the first field that is not acceptable
     */
    public RegistryConfig {
        if (!NETWORK.matcher(network).matches()) {
            throw new RegistryException.InvalidInput(
                    "network", network, "use 1 to 32 lower-case letters, digits and hyphens");
        }
        listen = List.copyOf(listen);
        announce = List.copyOf(announce);
        bootstrap = List.copyOf(bootstrap);
        for (Multiaddr address : bootstrap) {
            if (address.peerId().isEmpty()) {
                throw new RegistryException.InvalidInput(
                        "bootstrap address", address.toString(), "end it with /p2p/ and the peer id of that node");
            }
            if (!address.isDialableTcp()) {
                throw new RegistryException.InvalidInput(
                        "bootstrap address", address.toString(), "use /ip4, /ip6, /dns4 or /dns6 with /tcp");
            }
        }
        if (recordLifetime.compareTo(Duration.ofMinutes(1)) < 0 || recordLifetime.compareTo(Duration.ofDays(30)) > 0) {
            throw new RegistryException.InvalidInput(
                    "record lifetime", recordLifetime.toString(), "1 minute to 30 days");
        }
        pinnedNamespaces = Map.copyOf(pinnedNamespaces);
        pinnedNamespaces.keySet().forEach(namespace -> new PackageId(namespace, "any"));
        topic.ifPresent(RegistryConfig::checkTopic);
        if (maxPackages < 0 || maxPackages > 10_000_000) {
            throw new RegistryException.InvalidInput(
                    "max packages", Integer.toString(maxPackages), "0 to 10,000,000");
        }
    }

    private static void checkTopic(String topic) {
        if (topic.isBlank() || topic.length() > 200) {
            throw new RegistryException.InvalidInput("topic", topic, "use 1 to 200 characters, for example /acme/heads/1");
        }
    }

    /** The same in another network. */
    public RegistryConfig withNetwork(String name) {
        return new RegistryConfig(
                name, listen, announce, bootstrap, dataDirectory, dhtMode, query, recordLifetime, maxPackages, pinnedNamespaces, topic, messageIds, perf, location,
                openTelemetry);
    }

    /**
     * The same, listening elsewhere.
     *
     * @throws RegistryException.InvalidInput if an address does not parse
     */
    public RegistryConfig withListen(String... addresses) {
        return new RegistryConfig(
                network, parse("listen address", addresses), announce, bootstrap, dataDirectory, dhtMode, query,
                recordLifetime, maxPackages, pinnedNamespaces, topic, messageIds, perf, location,
                openTelemetry);
    }

    /**
     * The same, telling others to dial these addresses.
     *
     * @throws RegistryException.InvalidInput if an address does not parse
     */
    public RegistryConfig withAnnounce(String... addresses) {
        return new RegistryConfig(
                network, listen, parse("announce address", addresses), bootstrap, dataDirectory, dhtMode, query,
                recordLifetime, maxPackages, pinnedNamespaces, topic, messageIds, perf, location,
                openTelemetry);
    }

    /**
     * The same, joining by these nodes.
     *
     * @throws RegistryException.InvalidInput if an address does not parse or has no peer id
     */
    public RegistryConfig withBootstrap(String... addresses) {
        return withBootstrap(parse("bootstrap address", addresses));
    }

    /** The same, joining by these nodes. */
    public RegistryConfig withBootstrap(List<Multiaddr> addresses) {
        return new RegistryConfig(
                network, listen, announce, addresses, dataDirectory, dhtMode, query, recordLifetime, maxPackages, pinnedNamespaces, topic, messageIds, perf, location,
                openTelemetry);
    }

    /** The same with a data directory; {@code null} keeps nothing. */
    public RegistryConfig withDataDirectory(@Nullable Path directory) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, Optional.ofNullable(directory), dhtMode, query, recordLifetime,
                maxPackages, pinnedNamespaces, topic, messageIds, perf, location,
                openTelemetry);
    }

    /** The same, serving the DHT or not. */
    public RegistryConfig withDhtMode(DhtMode mode) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, mode, query, recordLifetime, maxPackages, pinnedNamespaces, topic, messageIds, perf, location,
                openTelemetry);
    }

    /** The same with other deadlines and limits of calls. */
    public RegistryConfig withQuery(QueryConfig newQuery) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, dhtMode, newQuery, recordLifetime, maxPackages, pinnedNamespaces, topic, messageIds, perf, location,
                openTelemetry);
    }

    /** The same with another lifetime of records. */
    public RegistryConfig withRecordLifetime(Duration lifetime) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, dhtMode, query, lifetime, maxPackages, pinnedNamespaces, topic, messageIds, perf, location,
                openTelemetry);
    }

    /** The same with another bound on the local index. */
    public RegistryConfig withMaxPackages(int max) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, dhtMode, query, recordLifetime, max, pinnedNamespaces, topic, messageIds, perf, location,
                openTelemetry);
    }

    /**
     * The same with one more namespace that belongs to a key.
     *
     * @throws RegistryException.InvalidInput if no package can have that namespace
     */
    public RegistryConfig withPinnedNamespace(String namespace, PeerId key) {
        Map<String, PeerId> more = new HashMap<>(pinnedNamespaces);
        more.put(namespace, key);
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, dhtMode, query, recordLifetime, maxPackages, more, topic,
                messageIds, perf, location,
                openTelemetry);
    }

    /**
     * The same with another gossipsub topic; {@code null} takes the default.
     *
     * @throws RegistryException.InvalidInput if it is empty or longer than 200 characters
     */
    public RegistryConfig withTopic(@Nullable String name) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, dhtMode, query, recordLifetime, maxPackages, pinnedNamespaces,
                Optional.ofNullable(name), messageIds, perf, location,
                openTelemetry);
    }

    /** The same, naming gossiped messages in another way. */
    public RegistryConfig withMessageIds(MessageIdScheme scheme) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, dhtMode, query, recordLifetime, maxPackages, pinnedNamespaces,
                topic, scheme, perf, location,
                openTelemetry);
    }

    /** The same, answering bandwidth tests or not. */
    public RegistryConfig withPerf(boolean answer) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, dhtMode, query, recordLifetime, maxPackages, pinnedNamespaces, topic, messageIds, answer, location,
                openTelemetry);
    }

    /** The same at a place; {@code null} does not tell. */
    public RegistryConfig withLocation(@Nullable Location place) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, dhtMode, query, recordLifetime, maxPackages, pinnedNamespaces, topic, messageIds,
                perf, Optional.ofNullable(place), openTelemetry);
    }

    /** The same with spans and metrics going there; {@code null} takes what is registered globally when the node is opened. */
    public RegistryConfig withOpenTelemetry(@Nullable OpenTelemetry sdk) {
        return new RegistryConfig(
                network, listen, announce, bootstrap, dataDirectory, dhtMode, query, recordLifetime, maxPackages, pinnedNamespaces, topic, messageIds,
                perf, location, Optional.ofNullable(sdk));
    }

    private static List<Multiaddr> parse(String field, String... addresses) {
        return java.util.Arrays.stream(addresses).map(a -> parse(field, a)).toList();
    }

    private static Multiaddr parse(String field, String address) {
        try {
            return Multiaddr.parse(address);
        } catch (IllegalArgumentException e) {
            throw new RegistryException.InvalidInput(field, address, String.valueOf(e.getMessage()));
        }
    }
}
