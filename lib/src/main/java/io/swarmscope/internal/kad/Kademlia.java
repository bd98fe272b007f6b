package io.swarmscope.internal.kad;

import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.kad.Bucket.Entry;
import io.swarmscope.internal.wire.Limits;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in the DHT: answers others, runs operations, keeps the routing table. Pure state, run by one thread: tell it what
 * happened, then take its effects until there is none, then sleep until {@link #nextDeadline} or the next event.
 *
 * <pre>{@code
 * kad.start(id, new Operation.GetValue(key, 1), deadline, now);
 * for (Effect effect; (effect = kad.nextEffect()) != null; ) perform(effect);
 * }</pre>
 */
public final class Kademlia {

    private final PeerId self;
    private final Key selfKey;
    private final KadConfig config;
    private final Validators validators;
    private final RoutingTable table;
    private final Addresses addresses;
    private final RecordStore records;
    private final HeldRecords held;
    private final ProviderStore providers;
    private final Responder responder;
    private final Runs runs;
    private final Upkeep upkeep;
    private final Queue<Effect> effects = new ArrayDeque<>();
    private long crowded;

    /** A node that knows nobody yet and holds nothing beside the records put here. */
    public Kademlia(
            PeerId self, KadConfig config, Validators validators, Addresses addresses, RandomGenerator random, long now) {
        this(self, config, validators, addresses, Holdings.NONE, random, now);
    }

    /** A node that knows nobody yet. */
    public Kademlia(
            PeerId self,
            KadConfig config,
            Validators validators,
            Addresses addresses,
            Holdings holdings,
            RandomGenerator random,
            long now) {
        this.self = self;
        this.config = config;
        this.validators = validators;
        this.addresses = addresses;
        this.selfKey = Key.of(self);
        this.table = new RoutingTable(selfKey, config.k(), config.table(), now);
        this.records = new RecordStore(selfKey, config.stores(), validators);
        this.held = new HeldRecords(records, holdings, validators);
        this.providers = new ProviderStore(self, config.stores());
        this.responder = new Responder(config, table, records, held, providers, addresses, effects);
        this.runs = new Runs(new Outcomes(), config, effects);
        this.upkeep = new Upkeep(self, config, table, records, providers, runs, this::closest, random, now);
    }

    // ---- what was known before -------------------------------------------------------------------------------------------

    /** Takes back a record that was in the own store before a restart. Its validator is asked again when it is read, but verifies nothing. */
    public void restore(RecordEntry entry, long now) {
        records.restore(entry, now);
    }

    /** Takes back a provider entry. */
    public void restore(ProviderEntry entry, long now) {
        providers.restore(entry, now);
    }

    /** Takes back a peer that was in the routing table. It need not live any more: lookups and checks find out. */
    public void restore(PeerId peer, long now) {
        table.restore(peer, now);
    }

    // ---- serving ---------------------------------------------------------------------------------------------------------

    /**
     * Decides what to reply to an inbound request. In client mode everything is refused.
     *
     * @param from who asks
     * @param wallClock stamped on stored records
     */
    public Reply answer(PeerId from, Request request, Instant wallClock, long now) {
        return config.mode() == DhtMode.CLIENT
                ? new Reply.Refuse("this node is a client")
                : responder.reply(from, request, wallClock, now);
    }

    // ---- asking ----------------------------------------------------------------------------------------------------------

    /**
     * Starts an operation; it ends in exactly one {@link Effect.Finished}, at the latest when {@link #tick} is called at its deadline.
     *
     * @param id not in use, not negative
     * @param deadline when it must have ended; the timeout of lookups applies too
     * @throws IllegalArgumentException if the id is in use or negative
     */
    public void start(QueryId id, Operation operation, long deadline, long now) {
        if (id.isBackground() || runs.isActive(id)) {
            throw new IllegalArgumentException("query id " + id.number() + ": use each number from 0 up once");
        }
        String fault = runs.size() >= Limits.KAD_OPERATIONS ? "too many operations are under way" : prepare(operation, now);
        if (fault == null) {
            runs.start(id, run(operation, deadline, now), now);
        } else {
            effects.add(new Effect.Finished(id, new OperationResult.Refused(fault)));
        }
    }

    /** Ends an operation with what it has. Nothing happens if it ended already. */
    public void cancel(QueryId id, long now) {
        runs.cancel(id, now);
    }

    /** A peer answered. Ignored if nobody waits for it any more. */
    public void onAnswer(RequestId id, Answer answer, long now) {
        runs.onAnswer(id, answer, now);
    }

    /** A request that has no answer, {@link Request.AddProvider}, was written out. */
    public void onDelivered(RequestId id, long now) {
        runs.onDelivered(id, now);
    }

    /**
     * A request failed: the peer could not be reached, reset the stream, sent garbage or nothing.
     *
     * @param cause what happened, for people to read
     */
    public void onFailure(RequestId id, String cause, long now) {
        runs.onFailure(id, cause, now);
    }

    // ---- who is there ----------------------------------------------------------------------------------------------------

    /** A peer is connected and its identify lists the protocol: it may enter the routing table. */
    public void peerConnectedServer(PeerId peer, long now) {
        seen(peer, Key.of(peer), now);
        table.connected(peer, true, now);
    }

    /** A peer no longer lists the protocol: it leaves the routing table. */
    public void peerIsClient(PeerId peer) {
        table.remove(peer);
    }

    /** The last connection to a peer ended; it stays in the routing table, since it may be dialed again. */
    public void peerGone(PeerId peer, long now) {
        table.connected(peer, false, now);
    }

    private void seen(PeerId peer, Key key, long now) {
        if (table.seen(peer, key, now)) {
            upkeep.tableGrew(now);
        }
    }

    // ---- time and effects ------------------------------------------------------------------------------------------------

    /** When {@link #tick} is due next; there is always something, if only a refresh. */
    public long nextDeadline() {
        return runs.nextWake(upkeep.due());
    }

    /** Gives up what is late, asks further peers, refreshes, expires. Cheap when nothing is due. */
    public void tick(long now) {
        runs.tick(now);
        upkeep.tick(now);
    }

    /** The next thing to do, null when there is nothing more for now. */
    public @Nullable Effect nextEffect() {
        return effects.poll();
    }

    // ---- looking in ------------------------------------------------------------------------------------------------------

    /** The record this node answers with under that key, of the own store or its holdings; null when there is none that is valid now. */
    public @Nullable KadRecord localRecord(Bytes key, long now) {
        return held.get(key, now);
    }

    /** All peers of the routing table, those nearest to this node first. */
    public List<PeerId> table() {
        return closestKnown(selfKey, table.size());
    }

    /** Up to {@code count} peers of the routing table, nearest to the key first. */
    public List<PeerId> closestKnown(Key key, int count) {
        Entry[] closest = table.closest(key, count, null);
        List<PeerId> peers = new ArrayList<>(closest.length);
        for (Entry entry : closest) {
            peers.add(entry.peer);
        }
        return peers;
    }

    /** Peers in the routing table. */
    public int tableSize() {
        return table.size();
    }

    /** How many operations, background ones included, are under way. */
    public int operations() {
        return runs.size();
    }

    /** Whether a peer is in the routing table. */
    public boolean inTable(PeerId peer) {
        return table.find(peer) != null;
    }

    /** Records kept for the network, the own ones among them. */
    public int recordCount() {
        return records.size();
    }

    /** How often it stored something under a key around which somebody has settled with many identities, as far as it looks like that. */
    public long crowded() {
        return crowded;
    }

    /** Provider entries kept for the network, the own ones among them. */
    public int providerCount() {
        return providers.size();
    }

    // ---- operations ------------------------------------------------------------------------------------------------------

    /** Does what an operation does at this node itself; says what is wrong with it, null when nothing is. */
    private @Nullable String prepare(Operation operation, long now) {
        return switch (operation) {
            case Operation.FindClosest find -> find.key().length() == 0 ? "the key is empty" : null;
            case Operation.FindPeer find -> find.peer().equals(self) ? "the peer is this node" : null;
            case Operation.GetValue get -> valueKeyFault(get.key());
            case Operation.PutValue put -> preparePut(put.record(), now);
            case Operation.Provide provide -> prepareProvide(provide.key(), now);
            case Operation.FindProviders find -> contentKeyFault(find.key());
            case Operation.Bootstrap bootstrap -> null;
        };
    }

    private @Nullable String valueKeyFault(Bytes key) {
        if (key.length() > Limits.KAD_KEY_BYTES) {
            return "the key is longer than " + Limits.KAD_KEY_BYTES + " bytes";
        }
        return validators.knows(key) ? null : "the key is in no namespace with a validator: /namespace/rest is expected";
    }

    private static @Nullable String contentKeyFault(Bytes key) {
        return key.length() == 0 || key.length() > Limits.KAD_CONTENT_KEY_BYTES
                ? "the content key has " + key.length() + " bytes instead of 1 to " + Limits.KAD_CONTENT_KEY_BYTES
                : null;
    }

    private @Nullable String preparePut(KadRecord record, long now) {
        String fault = valueKeyFault(record.key());
        if (fault == null
                && records.put(record, true, null, now) instanceof RecordStore.Outcome.Refused refused
                && refused.why() != RecordStore.Why.FULL) { // others may have room
            return refused.reason();
        }
        return fault;
    }

    private @Nullable String prepareProvide(Bytes key, long now) {
        List<Multiaddr> own = addresses.of(self);
        if (own.isEmpty()) {
            return "this node has no address to announce";
        }
        String fault = contentKeyFault(key);
        if (fault == null) {
            announceOwn(key, own, now);
        }
        return fault;
    }

    private void announceOwn(Bytes key, List<Multiaddr> own, long now) {
        if (providers.add(key, self, own, now)) {
            effects.add(new Effect.Provided(new ProviderEntry(key, self, own, config.stores().providerTtl())));
        }
    }

    private Run run(Operation operation, long deadline, long now) {
        return switch (operation) {
            case Operation.FindClosest find -> closest(find.key(), deadline, now);
            case Operation.FindPeer find ->
                lookup(Bytes.of(find.peer().toBytes()), new Goal.Peer(find.peer()), deadline, now);
            case Operation.GetValue get ->
                lookup(get.key(), new ValueGoal(get.key(), get.quorum(), validators, held.get(get.key(), now)), deadline, now);
            case Operation.PutValue put -> store(put.record().key(), new Request.PutValue(put.record()), deadline, now);
            case Operation.Provide provide -> {
                List<PeerInfo> own = List.of(new PeerInfo(self, addresses.of(self)));
                yield store(provide.key(), new Request.AddProvider(provide.key(), own), deadline, now);
            }
            case Operation.FindProviders find -> {
                List<PeerInfo> known = providers.get(find.key(), now);
                known.removeIf(provider -> provider.id().equals(self));
                yield lookup(find.key(), new ProvidersGoal(find.key(), find.limit(), known), deadline, now);
            }
            case Operation.Bootstrap bootstrap -> upkeep.bootstrap(deadline, now);
        };
    }

    /** A third of the time is kept for storing. */
    private Run store(Bytes key, Request request, long deadline, long now) {
        long until = Nanos.earlier(deadline, now + config.lookup().timeout().toNanos());
        return new StoreRun(closest(key, until - (until - now) / 3, now), request, config, until);
    }

    private Lookup closest(Bytes key, long deadline, long now) {
        return lookup(key, new Goal.Closest(new Request.FindNode(key)), deadline, now);
    }

    private Lookup lookup(Bytes raw, Goal goal, long deadline, long now) {
        Key target = Key.of(raw.array());
        table.lookedUp(target, now);
        return new Lookup(selfKey, target, goal, count -> table.closest(target, count, null), config, deadline, now);
    }

    /** What operations tell of peers, and what is to be done when one ended. */
    private final class Outcomes implements Runs.Owner {

        @Override
        public void alive(PeerInfo peer, long now) {
            seen(peer.id(), peer.key(), now);
        }

        @Override
        public void silent(PeerInfo peer, long now) {
            table.failed(peer.key(), now);
        }

        @Override
        public void ended(QueryId id, Run run, OperationResult result, long now) {
            switch (result) {
                case OperationResult.FoundPeer found -> learned(found.peer());
                case OperationResult.FoundProviders found -> found.providers().forEach(this::learned);
                case OperationResult.FoundValue found when run instanceof Lookup lookup && lookup.goal() instanceof ValueGoal goal ->
                    correct(goal, found, now);
                case OperationResult.Stored stored when run instanceof StoreRun store -> {
                    Bucket.Entry[] neighbours = table.closest(selfKey, config.k(), null);
                    crowded += Crowding.isCrowded(store.target(), stored.report().answered(), selfKey, neighbours) ? 1 : 0;
                }
                default -> {}
            }
            if (!id.isBackground()) {
                effects.add(new Effect.Finished(id, result));
            }
        }

        private void learned(@Nullable PeerInfo peer) {
            if (peer != null && !peer.addresses().isEmpty()) {
                effects.add(new Effect.Learned(peer.id(), peer.addresses()));
            }
        }

        /** Gives the best value to those who should have it: the peers nearest to its key, and this node if it holds a worse one. */
        private void correct(ValueGoal goal, OperationResult.FoundValue found, long now) {
            KadRecord best = found.best();
            if (best == null) {
                return;
            }
            KadRecord mine = held.get(best.key(), now);
            if (mine != null
                    && !mine.value().equals(best.value())
                    && records.put(best.asChecked(), false, best.received(), now) instanceof RecordStore.Outcome.Kept) {
                effects.add(new Effect.Stored(best.key(), best.value()));
            }
            upkeep.correct(goal.toCorrect(found.report(), config.k()), best, found.report(), now);
        }
    }
}
