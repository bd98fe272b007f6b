package io.swarmscope.internal.record;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which key a namespace belongs to: the first one that signed in it, as far as this node has seen. Thread-safe.
 *
 * <p>When it is full, owners whose records have all expired are forgotten. If none has, new namespaces are not learned: forgetting known
 * ones would let whoever signs enough records in made-up namespaces take over real ones.
 */
public final class NamespaceOwners {

    /** How often a full map is searched for expired owners: the search looks at all of them. */
    private static final long SWEEP_MILLIS = 60_000;

    private record Owner(PeerId key, long until) {}

    private final int max;
    private final Map<String, Owner> owners = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> nextSweep = new AtomicReference<>(Instant.MIN);

    /** Nobody owns anything yet. */
    public NamespaceOwners() {
        this(Limits.RECORD_NAMESPACES);
    }

    NamespaceOwners(int max) {
        this.max = max;
    }

    /** The key a namespace belongs to, if that is known. */
    public Optional<PeerId> ownerOf(String namespace) {
        return Optional.ofNullable(owners.get(namespace)).map(Owner::key);
    }

    /** Whether the key may sign in the namespace, as far as this node has seen. */
    public boolean maySign(String namespace, PeerId key) {
        Owner owner = owners.get(namespace);
        return owner == null || owner.key.equals(key);
    }

    /**
     * Learns that a key signed in a namespace.
     *
     * @param until when the record it signed expires
     * @return whether it may: false if the namespace belongs to another key
     */
    public boolean claim(String namespace, PeerId key, Instant until, Instant now) {
        if (!owners.containsKey(namespace) && owners.size() >= max && !madeRoom(now)) {
            return true;
        }
        long millis = until.toEpochMilli();
        Owner owner = owners.merge(
                namespace,
                new Owner(key, millis),
                (known, claim) -> known.key.equals(key) && known.until < millis ? new Owner(known.key, millis) : known);
        return owner.key.equals(key);
    }

    private boolean madeRoom(Instant now) {
        Instant due = nextSweep.get();
        if (!now.isBefore(due) && nextSweep.compareAndSet(due, now.plusMillis(SWEEP_MILLIS))) {
            owners.values().removeIf(owner -> owner.until <= now.toEpochMilli());
        }
        return owners.size() < max;
    }

    /** How many namespaces are known. */
    public int size() {
        return owners.size();
    }
}
