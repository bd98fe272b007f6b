package io.swarmscope.simulation;

import io.swarmscope.Multiaddr;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.PublishReceipt;
import io.swarmscope.Query;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.kad.Answer;
import io.swarmscope.internal.kad.ConnectionType;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.PeerInfo;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.record.RecordKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** What is done to simulated networks, and the figures that come of it: for tests, which demand some, and for the tables, which show them. */
final class Scenarios {

    private static final int K = 20;

    private Scenarios() {}

    // Lookups

    /**
     * Lookups for random keys.
     *
     * @param found the share of the 20 running nodes nearest to each key that were found
     * @param nearest the share of lookups that found the nearest of all
     */
    record Lookups(int count, double found, double nearest, double hops, int hopsMax, double requests, Duration median, Duration slowest) {}

    /** Lookups by nodes that run, one after the other. */
    static Lookups lookups(SimulatedNetwork network, int count, long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Long> times = new ArrayList<>();
        double found = 0;
        double nearest = 0;
        double hops = 0;
        double requests = 0;
        int hopsMax = 0;
        while (times.size() < count) {
            List<SimulatedNode> running = network.nodes().stream().filter(SimulatedNode::joined).toList();
            SimulatedNode asking = running.get(random.nextInt(running.size()));
            byte[] key = new byte[32];
            random.nextBytes(key);
            List<PeerId> truth = Truth.nearest(
                    key, running.stream().map(SimulatedNode::id).filter(id -> !id.equals(asking.id())).toList(), K);
            Closest closest = closest(network, asking, key);
            if (!asking.isRunning()) {
                continue; // it went while it looked
            }
            List<PeerId> got = closest.peers;
            found += (double) truth.stream().filter(got::contains).count() / truth.size();
            nearest += got.contains(truth.getFirst()) ? 1 : 0;
            hops += closest.hops;
            hopsMax = Math.max(hopsMax, closest.hops);
            requests += closest.asked;
            times.add(closest.nanos);
        }
        times.sort(null);
        return new Lookups(
                count,
                found / count,
                nearest / count,
                hops / count,
                hopsMax,
                requests / count,
                Duration.ofNanos(times.get(count / 2)),
                Duration.ofNanos(times.getLast()));
    }

    record Closest(List<PeerId> peers, int hops, int asked, long nanos) {}

    static Closest closest(SimulatedNetwork network, SimulatedNode asking, byte[] key) {
        return network.enter(() -> {
            try {
                OperationResult result = asking.process().closest(key, Duration.ofSeconds(30));
                if (!(result instanceof OperationResult.Closest closest)) {
                    throw new IllegalStateException("a lookup ended in " + result);
                }
                return new Closest(
                        closest.peers().stream().map(PeerInfo::id).toList(),
                        closest.report().hops(),
                        closest.report().asked(),
                        closest.report().nanos());
            } catch (RegistryException.Closed e) {
                return new Closest(List.of(), 0, 0, 0);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** The power of a share of the nodes fails, of every so manieth but the first. */
    static void crash(SimulatedNetwork network, int everyOther) {
        network.nodes().stream().filter(node -> node.number() % everyOther == everyOther - 1).forEach(SimulatedNode::crash);
    }

    // News

    /**
     * How a publication spread.
     *
     * @param reached how many of the nodes that run hold it after the time given, and how many run
     * @param signed how long it took until the publisher had signed it, after finding out whether the network knows the package already
     * @param half when half of them had it, from then on, and when all had of those that have it
     */
    record Spread(int reached, int running, Duration signed, Duration half, Duration last) {
        double coverage() {
            return (double) reached / running;
        }
    }

    /** One publishes; who holds it when, among those that are asked for. */
    static Spread spread(SimulatedNetwork network, SimulatedNode by, String id, List<SimulatedNode> among, Duration atMost) {
        Duration began = network.elapsed();
        CompletableFuture<PublishReceipt> receipt =
                network.run(() -> by.registry().publish(PackageManifest.of(id, "1.0.0", "Something new")));
        PackageId wanted = PackageId.parse(id);
        List<Duration> times = new ArrayList<>();
        List<SimulatedNode> waiting = new ArrayList<>(among);
        network.advanceUntil(() -> by.holds(wanted), Duration.ofSeconds(10), Duration.ofMillis(5));
        Duration signed = network.elapsed();
        while (!waiting.isEmpty() && network.elapsed().minus(signed).compareTo(atMost) < 0) {
            waiting.removeIf(node -> node.holds(wanted) && times.add(network.elapsed().minus(signed)));
            network.advance(Duration.ofMillis(10));
        }
        network.advanceUntil(receipt::isDone, Duration.ofSeconds(10));
        receipt.join();
        return new Spread(
                times.size(),
                among.size(),
                signed.minus(began),
                times.isEmpty() ? atMost : times.get(times.size() / 2),
                times.isEmpty() ? atMost : times.getLast());
    }

    // Partitions

    /**
     * A network was in two parts and is one again.
     *
     * @param records when every node held what was published on both sides
     * @param dht when lookups on both sides found who is nearest on either
     * @param gossip when a new publication of one side reached all within two seconds
     */
    record Healing(Duration records, Duration dht, Duration gossip) {}

    /** Cuts a network in two for a time, publishes on both sides, and joins it again. Zero if it did not happen within the time given. */
    static Healing heal(SimulatedNetwork network, Duration apart, Duration atMost) throws InterruptedException {
        network.partition(number -> number % 2);
        network.advance(Duration.ofSeconds(45)); // all know that the others are gone
        network.node(2).registry().publish(PackageManifest.of("even/news", "1.0.0", "Of one side"));
        network.node(3).registry().publish(PackageManifest.of("odd/news", "1.0.0", "Of the other side"));
        network.advance(apart.minusSeconds(45));
        network.heal();
        Duration healed = network.elapsed();
        Duration records = null;
        Duration dht = null;
        Duration gossip = null;
        int probe = 0;
        while ((records == null || dht == null || gossip == null) && network.elapsed().minus(healed).compareTo(atMost) < 0) {
            network.advance(Duration.ofSeconds(1));
            Duration since = network.elapsed().minus(healed);
            if (records == null && allHold(network, "even/news") && allHold(network, "odd/news")) {
                records = since;
            }
            if (dht == null && lookups(network, 6, 77 + probe).found() > 0.95) {
                dht = since;
            }
            probe++;
            if (gossip == null && probe % 10 == 0) {
                Spread spread = spread(network, network.node(probe % 2), "n" + probe % 2 + "/probe-" + probe, network.nodes(), Duration.ofSeconds(2));
                gossip = spread.reached == spread.running ? since : null;
            }
        }
        return new Healing(
                records == null ? Duration.ZERO : records, dht == null ? Duration.ZERO : dht, gossip == null ? Duration.ZERO : gossip);
    }

    static boolean allHold(SimulatedNetwork network, String id) {
        PackageId wanted = PackageId.parse(id);
        return network.nodes().stream().filter(SimulatedNode::isRunning).allMatch(node -> node.holds(wanted));
    }

    // Sybils and poison

    /**
     * What identities around a key cost.
     *
     * @param stored where the publisher was told that its record is stored
     * @param honest how many of them are nodes of ours
     * @param found how many of the others found the record, asking the network and not themselves
     * @param asked who asked
     * @param noticed how often the publisher's node counted that its key is crowded
     * @param improbable how many of the 20 nearest to the key are so near that a network of that size has one there for one key in twenty
     */
    record Sybils(int stored, int honest, int found, int asked, long noticed, int improbable) {}

    /** So many identities settle around the key of a package before it is published; they take everything and know nobody but each other. */
    static Sybils sybils(SimulatedNetwork network, int count, long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        PackageId id = PackageId.parse("acme/wanted");
        byte[] key = RecordKey.of(id).toBytes();
        int bits = 64 - Long.numberOfLeadingZeros(network.size()) + 4;
        List<Stranger> sybils = new ArrayList<>();
        List<PeerInfo> each = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Stranger sybil = Stranger.in(network, network.size() + i, Stranger.near(key, bits, random), request -> switch (request) {
                case Request.PutValue put -> new Answer.Stored(put.record());
                case Request.GetValue get -> new Answer.Value(null, each);
                case Request.GetProviders get -> new Answer.Providers(List.of(), each);
                case Request.FindNode find -> new Answer.Nodes(each);
                default -> null;
            });
            sybils.add(sybil);
            each.add(new PeerInfo(sybil.id, List.of(sybil.address()), ConnectionType.CONNECTED));
        }
        sybils.forEach(sybil -> network.nodes().forEach(sybil::meet));
        network.advance(Duration.ofSeconds(10));
        PublishReceipt receipt = network.node(1).registry().publish(PackageManifest.of("acme/wanted", "1.0.0", "Somebody hides it"));
        Closest closest = closest(network, network.node(1), key);
        int honest = (int) closest.peers.stream().filter(peer -> sybils.stream().noneMatch(sybil -> sybil.id.equals(peer))).count();
        int found = 0;
        int asked = 0;
        for (SimulatedNode node : network.nodes()) {
            if (node.number() % 4 == 0) {
                asked++;
                found += node.registry().find(id, io.swarmscope.Quorum.of(1), Duration.ofSeconds(5)).found().isPresent() ? 1 : 0;
            }
        }
        double improbablyNear = Math.log(network.size() / 0.05) / Math.log(2);
        int improbable = (int) closest.peers.stream().filter(peer -> Truth.commonBits(key, peer) >= improbablyNear).count();
        long noticed = network.node(1).registry().status().counters().get("kad.crowded");
        return new Sybils(receipt.storedAt(), honest, found, asked, noticed, improbable);
    }

    /** Peers that name made-up peers at addresses that lead nowhere: private ones, and public ones where nobody is. */
    static void poison(SimulatedNetwork network, int liars, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < liars; i++) {
            Stranger liar = Stranger.in(network, network.size() + i, Stranger.someId(random), request -> switch (request) {
                case Request.PutValue put -> new Answer.Stored(put.record());
                case Request.GetValue get -> new Answer.Value(null, madeUp(get.key().array(), random));
                case Request.FindNode find -> new Answer.Nodes(madeUp(find.key().array(), random));
                default -> null;
            });
            network.nodes().forEach(liar::meet);
        }
        network.advance(Duration.ofSeconds(10));
    }

    private static List<PeerInfo> madeUp(byte[] key, SplittableRandom random) {
        List<PeerInfo> peers = new ArrayList<>();
        for (int i = 0; i < K; i++) {
            String address = i % 2 == 0
                    ? "/ip4/192.168." + random.nextInt(256) + "." + random.nextInt(256) + "/tcp/4001"
                    : "/ip4/203.0." + random.nextInt(256) + "." + random.nextInt(256) + "/tcp/4001";
            peers.add(new PeerInfo(Stranger.near(key, 6, random), List.of(Multiaddr.parse(address)), ConnectionType.CONNECTED));
        }
        return peers;
    }

    // A day

    /**
     * What became of withdrawn packages.
     *
     * @param resurrections how often a node that had heard of a withdrawal held the package again
     * @param holding how many nodes hold a withdrawn package at the end
     * @param missing how many of the packages that were not withdrawn the nodes that run lack at the end, all added up
     */
    record Withdrawals(int resurrections, int holding, int missing) {}

    /** Packages are published, and half of them withdrawn while a fifth of the nodes are away; for the rest of the time nodes come and go. */
    static Withdrawals withdrawals(SimulatedNetwork network, int packages, Duration length) throws InterruptedException {
        SimulatedNode publisher = network.node(0);
        List<PackageId> ids = new ArrayList<>();
        for (int i = 0; i < packages; i++) {
            ids.add(PackageId.parse("acme/p" + i));
            publisher.registry().publish(PackageManifest.of("acme/p" + i, "1.0.0", "Package " + i));
        }
        network.advance(Duration.ofSeconds(30));
        List<PackageId> withdrawn = ids.subList(0, packages / 2);
        List<PackageId> kept = ids.subList(packages / 2, packages);
        crash(network, 5);
        network.advance(Duration.ofMinutes(2));
        for (PackageId id : withdrawn) {
            publisher.registry().unpublish(id);
        }
        network.advance(Duration.ofMinutes(1));
        network.nodes().forEach(SimulatedNode::start);
        network.churn(Duration.ofMinutes(80), Duration.ofMinutes(20), number -> number > 0);
        boolean[][] heard = new boolean[network.size()][withdrawn.size()];
        int resurrections = 0;
        Duration end = network.elapsed().plus(length);
        while (network.elapsed().compareTo(end) < 0) {
            network.advance(Duration.ofMinutes(5));
            for (SimulatedNode node : network.nodes()) {
                for (int i = 0; node.joined() && i < withdrawn.size(); i++) {
                    boolean holds = node.holds(withdrawn.get(i));
                    resurrections += holds && heard[node.number()][i] ? 1 : 0;
                    heard[node.number()][i] |= !holds;
                }
            }
        }
        network.nodes().forEach(SimulatedNode::start);
        network.advance(Duration.ofMinutes(3));
        List<SimulatedNode> running = network.nodes().stream().filter(SimulatedNode::joined).toList();
        int holding = (int) running.stream().filter(node -> withdrawn.stream().anyMatch(node::holds)).count();
        int missing = running.stream().mapToInt(node -> (int) kept.stream().filter(id -> !node.holds(id)).count()).sum();
        return new Withdrawals(resurrections, holding, missing);
    }

    /** Whether a search of one node finds so many packages. */
    static int searched(SimulatedNode node, String words) throws InterruptedException {
        return node.registry().search(Query.text(words), Duration.ofSeconds(5)).packages().size();
    }
}
