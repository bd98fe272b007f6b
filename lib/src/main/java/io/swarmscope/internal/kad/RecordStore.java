package io.swarmscope.internal.kad;

import io.swarmscope.internal.fork.Nanos;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The records this node keeps for the network. Run by the thread that owns the DHT.
 *
 * <p>Bounded in number and bytes. What is farthest from this node goes first, since others are meant to keep it; records this node
 * put itself stay. A record is checked when it comes and again each time it is read.
 */
final class RecordStore {

    private final Key self;
    private final KadConfig.StoreConfig config;
    private final Validators validators;

    /** Nearest to this node first. */
    private final TreeMap<Key, Held> byDistance;

    private long bytes;
    private @Nullable Key sweptTo;

    private record Held(KadRecord record, long expires, boolean own) {
        long bytes() {
            return (long) record.key().length() + record.value().length();
        }
    }

    /** What became of a record. */
    sealed interface Outcome {
        /** It is kept, and is not what was there before. */
        record Kept() implements Outcome {}

        /** The same value was there; it now lives longer. */
        record Renewed() implements Outcome {}

        /**
         * It is not kept.
         *
         * @param why which of the few things is wrong
         * @param reason the same for people to read
         */
        record Refused(Why why, String reason) implements Outcome {}
    }

    /** Why a record is not kept. */
    enum Why {
        /** No honest peer would have sent it. */
        INVALID,
        /** An honest peer may have sent it: it does not know of the better one, or has another clock. */
        OUTDATED,
        /** There is no room. */
        FULL
    }

    RecordStore(Key self, KadConfig.StoreConfig config, Validators validators) {
        this.self = self;
        this.config = config;
        this.validators = validators;
        this.byDistance = new TreeMap<>(self::compareDistance);
    }

    int size() {
        return byDistance.size();
    }

    /** Bytes of all keys and values. */
    long bytes() {
        return bytes;
    }

    /**
     * Keeps a record if it is valid, better than what is there, and there is room.
     *
     * @param own whether this node puts it, so that no stranger's record may push it out
     * @param received noted as the time of receipt, if known
     */
    Outcome put(KadRecord record, boolean own, @Nullable Instant received, long now) {
        return put(record, own, received, lifetime(record), now);
    }

    /** Keeps a record that was kept before, for the time it had left. It is not checked in full again. */
    void restore(RecordEntry entry, long now) {
        if (entry.left().isPositive()) {
            Duration left = Ranges.shorter(entry.left(), config.recordTtl());
            put(entry.record().asChecked(), false, entry.record().received(), left.toNanos(), now);
        }
    }

    private Outcome put(KadRecord record, boolean own, @Nullable Instant received, long lifetime, long now) {
        if (record.value().length() > config.valueBytes()) {
            return new Outcome.Refused(Why.INVALID, "the value is longer than " + config.valueBytes() + " bytes");
        }
        Key key = Key.of(record.key().array());
        Held held = live(key, now);
        boolean same = held != null && held.record.value().equals(record.value());
        if (!same && !record.checked() && validators.check(record) instanceof Verdict.Refused refused) {
            return new Outcome.Refused(refused.mayBeHonest() ? Why.OUTDATED : Why.INVALID, refused.reason());
        }
        if (held != null && !same && !validators.prefersSecond(held.record, record)) {
            return new Outcome.Refused(Why.OUTDATED, "a better value is held");
        }
        KadRecord kept = new KadRecord(record.key(), record.value(), received, record.publisher(), record.ttlSeconds(), true);
        boolean ownAlready = held != null && held.own;
        Held next = new Held(kept, now + lifetime, own || ownAlready);
        if (!makeRoom(key, next.bytes(), held)) {
            return new Outcome.Refused(Why.FULL, "the store is full of records nearer to this node");
        }
        if (held != null) {
            bytes -= held.bytes();
        }
        bytes += next.bytes();
        byDistance.put(key, next);
        return same ? new Outcome.Renewed() : new Outcome.Kept();
    }

    /** The record under that key, null when there is none or it is not valid any more. */
    @Nullable KadRecord get(Bytes rawKey, long now) {
        Key key = Key.of(rawKey.array());
        Held held = live(key, now);
        if (held == null) {
            return null;
        }
        if (!validators.checkAgain(held.record).accepted()) {
            drop(key, held);
            return null;
        }
        return held.record;
    }

    /** Drops what is expired among the next few keys; the next call goes on from there. */
    void sweep(int keys, long now) {
        for (int i = 0; i < keys; i++) {
            Map.Entry<Key, Held> entry = sweptTo == null ? byDistance.firstEntry() : byDistance.higherEntry(sweptTo);
            sweptTo = entry == null ? null : entry.getKey();
            if (entry == null) {
                return;
            }
            if (Nanos.reached(entry.getValue().expires, now)) {
                drop(entry.getKey(), entry.getValue());
            }
        }
    }

    private @Nullable Held live(Key key, long now) {
        Held held = byDistance.get(key);
        if (held != null && Nanos.reached(held.expires, now)) {
            drop(key, held);
            return null;
        }
        return held;
    }

    private long lifetime(KadRecord record) {
        long most = config.recordTtl().toNanos();
        long seconds = record.ttlSeconds();
        return seconds <= 0 || seconds >= config.recordTtl().toSeconds() ? most : seconds * 1_000_000_000L;
    }

    /** Drops records farther from this node than {@code key} until one of that size fits in the place of {@code replaced}. */
    private boolean makeRoom(Key key, long size, @Nullable Held replaced) {
        long fits = config.recordBytes() - size + (replaced == null ? 0 : replaced.bytes());
        int most = config.records() - (replaced == null ? 1 : 0);
        Map.Entry<Key, Held> farthest = byDistance.lastEntry();
        while (bytes > fits || byDistance.size() > most) {
            if (farthest == null || self.compareDistance(farthest.getKey(), key) <= 0) {
                return false;
            }
            if (!farthest.getValue().own) {
                drop(farthest.getKey(), farthest.getValue());
            }
            farthest = byDistance.lowerEntry(farthest.getKey());
        }
        return true;
    }

    private void drop(Key key, Held held) {
        byDistance.remove(key);
        bytes -= held.bytes();
    }
}
