package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.Bucket.Entry;
import io.swarmscope.internal.wire.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Answers the requests of other nodes. Run by the thread that owns the DHT. */
final class Responder {

    private static final int PEER_ID_BYTES_MIN = 34;
    private static final int PEER_ID_BYTES_MAX = 44;

    private final KadConfig config;
    private final RoutingTable table;
    private final RecordStore records;
    private final HeldRecords held;
    private final ProviderStore providers;
    private final Addresses addresses;
    private final Queue<Effect> effects;
    private final WriteLimiter limiter;

    Responder(
            KadConfig config,
            RoutingTable table,
            RecordStore records,
            HeldRecords held,
            ProviderStore providers,
            Addresses addresses,
            Queue<Effect> effects) {
        this.config = config;
        this.table = table;
        this.records = records;
        this.held = held;
        this.providers = providers;
        this.addresses = addresses;
        this.effects = effects;
        this.limiter = new WriteLimiter(config.stores().writesPerSecond(), Limits.KAD_WRITERS_REMEMBERED);
    }

    Reply reply(PeerId from, Request request, Instant wallClock, long now) {
        return switch (request) {
            case Request.FindNode find -> new Reply.Send(new Answer.Nodes(near(find.key(), from, now)));
            case Request.GetValue get ->
                new Reply.Send(new Answer.Value(held.get(get.key(), now), closer(get.key(), from, now)));
            case Request.GetProviders get ->
                new Reply.Send(new Answer.Providers(providersOf(get.key(), now), closer(get.key(), from, now)));
            case Request.PutValue put -> put(from, put, wallClock, now);
            case Request.AddProvider add -> addProvider(from, add, now);
            case Request.Ping ping -> new Reply.Send(new Answer.Pong());
        };
    }

    /**
     * The peers near a key and, if the key is the id of a peer with known addresses, that peer before all others: even if it is this node
     * itself, whose id go-libp2p looks up to see whether it answers well, or the one who asks.
     */
    private List<PeerInfo> near(Bytes raw, PeerId from, long now) {
        PeerId wanted = peerWanted(raw.array());
        if (wanted == null) {
            return closer(raw, from, now);
        }
        List<PeerInfo> near = new ArrayList<>(config.k() + 1);
        List<Multiaddr> known = addresses.of(wanted);
        if (!known.isEmpty()) {
            near.add(new PeerInfo(wanted, known, ConnectionType.CAN_CONNECT));
        }
        for (PeerInfo closer : closer(raw, from, now)) {
            if (!closer.id().equals(wanted) && near.size() < config.k()) {
                near.add(closer);
            }
        }
        return near;
    }

    /** The nearest peers of the table, but for the one who asks and those nobody could reach. */
    private List<PeerInfo> closer(Bytes raw, PeerId from, long now) {
        Entry[] closest = table.closest(Key.of(raw.array()), config.k(), Key.of(from));
        List<PeerInfo> closer = new ArrayList<>(closest.length);
        for (Entry entry : closest) {
            PeerInfo info = entry.info(addresses, now);
            if (info != null) {
                closer.add(info);
            }
        }
        return closer;
    }

    /** The peer whose id the key may be. Most keys are none, so the cheap look comes first. */
    private static @Nullable PeerId peerWanted(byte[] raw) {
        boolean possible = raw.length >= PEER_ID_BYTES_MIN
                && raw.length <= PEER_ID_BYTES_MAX
                && raw[1] == raw.length - 2
                && (raw[0] == 0x00 || raw[0] == 0x12);
        return possible ? PeerCodec.peer(raw) : null;
    }

    private List<PeerInfo> providersOf(Bytes key, long now) {
        List<PeerInfo> announced = providers.get(key, now);
        for (int i = 0; i < announced.size(); i++) {
            PeerInfo provider = announced.get(i);
            List<Multiaddr> known = addresses.of(provider.id());
            if (!known.isEmpty()) {
                announced.set(i, new PeerInfo(provider.id(), known, provider.connection())); // fresher than the announcement
            }
        }
        return announced;
    }

    private Reply put(PeerId from, Request.PutValue put, Instant wallClock, long now) {
        if (!limiter.allows(from, now)) {
            return refuse(from, "writes more than " + config.stores().writesPerSecond() + " times a second", false);
        }
        KadRecord record = put.record();
        return switch (records.put(record, false, wallClock, now)) {
            case RecordStore.Outcome.Kept kept -> {
                effects.add(new Effect.Stored(record.key(), record.value()));
                yield new Reply.Send(new Answer.Stored(record));
            }
            case RecordStore.Outcome.Renewed renewed -> new Reply.Send(new Answer.Stored(record));
            case RecordStore.Outcome.Refused refused ->
                switch (refused.why()) {
                    case INVALID -> refuse(from, refused.reason(), false);
                    case OUTDATED -> refuse(from, refused.reason(), true);
                    case FULL -> new Reply.Refuse(refused.reason());
                };
        };
    }

    private Reply addProvider(PeerId from, Request.AddProvider add, long now) {
        if (!limiter.allows(from, now)) {
            return refuse(from, "writes more than " + config.stores().writesPerSecond() + " times a second", false);
        }
        if (add.key().length() > Limits.KAD_CONTENT_KEY_BYTES) {
            return refuse(from, "a content key longer than " + Limits.KAD_CONTENT_KEY_BYTES + " bytes", false);
        }
        List<Multiaddr> announced = announcedBy(from, add.providers());
        if (announced.isEmpty()) {
            return refuse(from, "announced no provider that is the sender and has an address", false);
        }
        if (!providers.add(add.key(), from, announced, now)) {
            return new Reply.Refuse("the store is full of keys nearer to this node");
        }
        effects.add(new Effect.Learned(from, announced));
        effects.add(new Effect.Provided(new ProviderEntry(add.key(), from, announced, config.stores().providerTtl())));
        return new Reply.Nothing();
    }

    /** The addresses the sender gives for itself. What it says of others counts for nothing: they can speak for themselves. */
    private static List<Multiaddr> announcedBy(PeerId from, List<PeerInfo> announced) {
        for (PeerInfo provider : announced) {
            if (provider.id().equals(from)) {
                List<Multiaddr> all = provider.addresses();
                return all.subList(0, Math.min(all.size(), Limits.KAD_ADDRESSES_PER_PEER));
            }
        }
        return List.of();
    }

    private Reply refuse(PeerId from, String reason, boolean mayBeHonest) {
        effects.add(new Effect.Refused(from, reason, mayBeHonest));
        return new Reply.Refuse(reason);
    }
}
