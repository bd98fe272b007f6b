package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key with its value as it travels. Immutable.
 *
 * @param key raw key, {@code /namespace/rest}
 * @param value opaque to the DHT; the validator of the namespace understands it
 * @param received when the sender took it in; null when it does not say
 * @param publisher who published it, a rust-libp2p extra; null when absent
 * @param ttlSeconds how long the sender wants it kept, a rust-libp2p extra; 0 means it does not say
 * @param checked whether {@link Validators#check} accepted it already, so that the thread that owns the DHT need not verify a
 *     signature; never true of what a codec has just read
 */
public record KadRecord(
        Bytes key, Bytes value, @Nullable Instant received, @Nullable PeerId publisher, long ttlSeconds, boolean checked) {

    /** A record with nothing but key and value, unchecked. */
    public KadRecord(Bytes key, Bytes value) {
        this(key, value, null, null, 0, false);
    }

    /** The same record, marked as accepted by its validator. */
    KadRecord asChecked() {
        return new KadRecord(key, value, received, publisher, ttlSeconds, true);
    }
}
