package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.Signed;
import java.util.Comparator;

/**
 * One package that matches a query. Immutable; any thread. Holds the record's bytes; the head is read from them when it is asked for.
 */
public final class Match {

    /** The best first, ties in the order of their ids. */
    static final Comparator<Match> BEST_FIRST =
            Comparator.comparingDouble(Match::score).reversed().thenComparing(Match::id);

    private final PackageId id;
    private final double score;
    private final byte[] encoded;

    Match(PackageId id, double score, byte[] encoded) {
        this.id = id;
        this.score = score;
        this.encoded = encoded;
    }

    /** The package. */
    public PackageId id() {
        return id;
    }

    /** How well it matches, 0 to 1. */
    public double score() {
        return score;
    }

    /** The signed record. Shared, not copied: nobody changes it. */
    public byte[] encoded() {
        return encoded;
    }

    /** The head, read from the record. */
    public Signed<Head> head() {
        return trusted(encoded).as(Head.class).orElseThrow(() -> new IllegalStateException("only heads match a query"));
    }

    static Signed<?> trusted(byte[] encoded) {
        try {
            return RecordCodec.trusted(encoded);
        } catch (RecordRefused e) {
            throw new IllegalStateException("the index holds only what was read before", e);
        }
    }
}
