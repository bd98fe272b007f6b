package io.swarmscope.internal.record;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which key a namespace belongs to: the one that the user pinned, else the first one that signed in it, as far as this node has seen.
 * Thread-safe; never blocks.
 *
 * <p>When it is full, owners whose records have all expired are forgotten. If none has, new namespaces are not learned: forgetting known
 * ones would let whoever signs enough records in made-up namespaces take over real ones. For the same reason one key may own so many and no more.
 */
public final class NamespaceOwners {

    /** How often a full map is searched for expired owners: the search looks at all of them. */
    private static final long SWEEP_MILLIS = 60_000;

    /** By how much an owner's records must live longer than what was told of it last, to be told again. */
    private static final long TELL_MILLIS = 6 * 3_600_000L;

    /** Hears which namespaces are owned, to keep it. Called on any thread that brings a record; returns soon. */
    @FunctionalInterface
    public interface Listener {
        /** The namespace belongs to that key, and records of it expire then, in milliseconds. */
        void owned(String namespace, PeerId key, long until);
    }

    /** What became of a claim. */
    public enum Claim {
        /** The namespace is the key's. */
        OWNED,
        /** It is another key's. */
        FOREIGN,
        /** The key has as many namespaces as one may. */
        TOO_MANY
    }

    private record Owner(PeerId key, long until, long told) {}

    private final int max;
    private final Map<String, PeerId> pinned;
    private final Listener listener;
    private final Map<String, Owner> owners = new ConcurrentHashMap<>();
    private final Map<PeerId, Integer> counts = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> nextSweep = new AtomicReference<>(Instant.MIN);

    /** Nobody owns anything yet, and nobody wants to hear of it. */
    public NamespaceOwners() {
        this(Map.of(), (namespace, key, until) -> {});
    }

    /**
     * Only what is pinned is owned yet.
     *
     * @param pinned namespaces that belong to a key whatever was seen
     * @param listener hears of every owner that is learned
     */
    public NamespaceOwners(Map<String, PeerId> pinned, Listener listener) {
        this(Limits.RECORD_NAMESPACES, pinned, listener);
    }

    NamespaceOwners(int max, Map<String, PeerId> pinned, Listener listener) {
        this.max = max;
        this.pinned = Map.copyOf(pinned);
        this.listener = listener;
    }

    /** The key a namespace belongs to, if that is known. */
    public Optional<PeerId> ownerOf(String namespace) {
        PeerId pin = pinned.get(namespace);
        return pin == null ? Optional.ofNullable(owners.get(namespace)).map(Owner::key) : Optional.of(pin);
    }

    /** Whether the key may sign in the namespace, as far as this node has seen. */
    public boolean maySign(String namespace, PeerId key) {
        PeerId pin = pinned.get(namespace);
        if (pin != null) {
            return pin.equals(key);
        }
        Owner owner = owners.get(namespace);
        return owner == null || owner.key.equals(key);
    }

    /**
     * Learns that a key signed in a namespace.
     *
     * @param until when the record it signed expires
     */
    public Claim claim(String namespace, PeerId key, Instant until, Instant now) {
        PeerId pin = pinned.get(namespace);
        if (pin != null) {
            return pin.equals(key) ? Claim.OWNED : Claim.FOREIGN;
        }
        Owner known = owners.get(namespace);
        if (known == null) {
            if (counts.getOrDefault(key, 0) >= Limits.RECORD_NAMESPACES_PER_KEY) {
                return Claim.TOO_MANY;
            }
            if (owners.size() >= max && !madeRoom(now)) {
                return Claim.OWNED;
            }
        }
        return learn(namespace, key, until.toEpochMilli());
    }

    private Claim learn(String namespace, PeerId key, long until) {
        boolean[] news = new boolean[1];
        Owner owner = owners.compute(namespace, (name, known) -> {
            if (known == null) {
                counts.merge(key, 1, Integer::sum);
                news[0] = true;
                return new Owner(key, until, until);
            }
            if (!known.key.equals(key) || known.until >= until) {
                return known;
            }
            news[0] = until - known.told >= TELL_MILLIS;
            return new Owner(key, until, news[0] ? until : known.told);
        });
        if (news[0]) {
            listener.owned(namespace, key, until);
        }
        return owner.key.equals(key) ? Claim.OWNED : Claim.FOREIGN;
    }

    /** Takes over what was known before a restart; nobody is told. */
    public void restore(String namespace, PeerId key, long until) {
        if (owners.size() < max && owners.putIfAbsent(namespace, new Owner(key, until, until)) == null) {
            counts.merge(key, 1, Integer::sum);
        }
    }

    private boolean madeRoom(Instant now) {
        Instant due = nextSweep.get();
        if (!now.isBefore(due) && nextSweep.compareAndSet(due, now.plusMillis(SWEEP_MILLIS))) {
            owners.forEach((namespace, owner) -> {
                // Not if it was renewed in this moment.
                if (owner.until <= now.toEpochMilli() && owners.remove(namespace, owner)) {
                    counts.computeIfPresent(owner.key, (key, count) -> count > 1 ? count - 1 : null);
                }
            });
        }
        return owners.size() < max;
    }

    /** How many namespaces are known. */
    public int size() {
        return owners.size();
    }
}
