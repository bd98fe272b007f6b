package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.Query;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.Signed;
import java.util.Comparator;

/**
 * One package that matches a query. Immutable; any thread. Holds the record's bytes; the head is read from them when it is asked for.
 */
public final class Match {

    private static final Comparator<Match> BEST_FIRST =
            Comparator.comparingDouble(Match::score).reversed().thenComparing(Match::id);
    private static final Comparator<Match> NEWEST_FIRST =
            Comparator.<Match>comparingLong(match -> match.publishedAt).reversed().thenComparing(Match::id);

    private final PackageId id;
    private final double score;
    private final long publishedAt;
    private final byte[] encoded;

    Match(PackageId id, double score, long publishedAt, byte[] encoded) {
        this.id = id;
        this.score = score;
        this.publishedAt = publishedAt;
        this.encoded = encoded;
    }

    /** Which of two comes first; no two packages are equal in it. */
    static Comparator<Match> in(Query.Order order) {
        return switch (order) {
            case RELEVANCE -> BEST_FIRST;
            case NEWEST -> NEWEST_FIRST;
        };
    }

    /** The package. */
    public PackageId id() {
        return id;
    }

    /** How well it matches, 0 to 1. */
    public double score() {
        return score;
    }

    /** When it was signed, in milliseconds since 1970. */
    long publishedAt() {
        return publishedAt;
    }

    /** The signed record. Shared, not copied: nobody changes it. */
    public byte[] encoded() {
        return encoded;
    }

    /** The head, read from the record. */
    public Signed<Head> head() {
        return head(encoded);
    }

    static Signed<Head> head(byte[] encoded) {
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
