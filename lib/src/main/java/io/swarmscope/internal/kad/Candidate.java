package io.swarmscope.internal.kad;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A peer that one {@link Lookup} has heard of. Run by the thread that owns the DHT. */
final class Candidate {

    /**
     * A peer that named this many more dead peers than live ones is not believed any more. An honest peer in a network of which half is
     * dead gets there rarely, one that invents peers after eight of them.
     */
    private static final int LIES_MAX = 8;

    /** Who, and where others say it is. */
    PeerInfo peer;
    State state = State.NEW;
    long askedAt;
    /** When it answered, once it is {@link State#ANSWERED}. */
    long answeredAt;
    /** Why it failed, while it is {@link State#FAILED}. */
    String cause = "";
    /** May well be gone, so others are asked beside it. */
    boolean doubtful;
    /** Peers in the chain of names that led here, this one included. */
    int hops;
    /** How many peers named it. */
    private int names = 1;
    /** Who named it first; null for those of the own routing table. */
    private final @Nullable Candidate namedBy;
    /** Peers this one named that failed, minus those that answered. */
    private int lies;

    /** What a lookup did with a candidate. */
    enum State {
        /** Not asked. Leads to {@link #ASKED}. */
        NEW,
        /** Asked and silent. Leads to {@link #ANSWERED} or {@link #FAILED}. */
        ASKED,
        /** Gave a usable answer. Final. */
        ANSWERED,
        /** Gave none. Final. */
        FAILED
    }

    Candidate(PeerInfo peer, @Nullable Candidate namedBy) {
        this.peer = peer;
        this.namedBy = namedBy;
        this.hops = namedBy == null ? 1 : namedBy.hops + 1;
    }

    /** Another peer named it too, so it stands even if the first is not believed. */
    void namedAgain(PeerInfo again) {
        names++;
        if (peer.addresses().isEmpty()) {
            peer = again;
        }
    }

    void answered(long now) {
        answeredAt = now;
        state = State.ANSWERED;
        if (namedBy != null) {
            namedBy.lies--;
        }
    }

    /**
     * It was of no use.
     *
     * @return the peer that named it if that one is not believed from now on, or else null
     */
    @Nullable Candidate failed(String why) {
        state = State.FAILED;
        cause = why;
        return namedBy != null && ++namedBy.lies == LIES_MAX ? namedBy : null;
    }

    /** What came of asking it. */
    Hop hop(long lookupStarted) {
        return new Hop(
                peer.id(),
                hops,
                askedAt - lookupStarted,
                state == State.ANSWERED ? OptionalLong.of(answeredAt - askedAt) : OptionalLong.empty(),
                state == State.FAILED ? Optional.of(cause) : Optional.empty());
    }

    /** Whether nobody but that peer named it. */
    boolean namedOnlyBy(Candidate other) {
        return namedBy == other && names == 1;
    }
}
