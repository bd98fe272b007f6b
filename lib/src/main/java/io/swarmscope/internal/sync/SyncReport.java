package io.swarmscope.internal.sync;

import java.time.Duration;

/**
 * How a session went that this node began. Immutable; any thread. Whatever the ending, the records taken are held, and the next session goes on
 * from there.
 *
 * @param ending why it ended
 * @param detail the same in words, empty where there is nothing to say
 * @param rounds questions answered, one round trip each
 * @param bytesIn bytes of the answers
 * @param bytesOut bytes of the questions
 * @param ranges ranges compared
 * @param fetched records that came
 * @param gained those of them that were new here
 * @param refused those of them that broke a rule
 * @param offered records sent
 * @param accepted those of them that were new to the peer, by its word
 * @param peerCount items that the peer holds, by its latest word
 * @param elapsed from the opening of the stream on
 */
public record SyncReport(
        Ending ending,
        String detail,
        int rounds,
        long bytesIn,
        long bytesOut,
        int ranges,
        int fetched,
        int gained,
        int refused,
        int offered,
        int accepted,
        long peerCount,
        Duration elapsed) {

    /** Why a session ended. */
    public enum Ending {
        /** Both held the same. */
        EQUAL,
        /** Whatever differed was looked at, and transferred unless one side refused it. */
        DONE,
        /** The peer does not serve us now. */
        BUSY,
        /** Time ran out, the stream was reset or the connection closed: nobody's fault. */
        INTERRUPTED,
        /** Most of what the peer lists it does not give, or is refused here. */
        USELESS,
        /** The peer sent what the protocol does not allow, or contradicted itself. */
        PROTOCOL
    }
}
