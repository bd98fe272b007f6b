package io.swarmscope.internal.kad;

/** Why a lookup ended. */
public enum End {
    /** As many values or providers as wanted are there, or the peer looked for was named. */
    ENOUGH,
    /** The k nearest peers that react have all answered: what they do not know, the network does not know. */
    CLOSEST_ANSWERED,
    /** Nobody is left to ask, and fewer than k peers answered. In a network smaller than k this is the regular end. */
    EXHAUSTED,
    /** The time was up first. */
    DEADLINE,
    /** The caller gave up. */
    CANCELLED,
    /** As many peers were asked as one lookup may ask. Only hostile answers lead there. */
    TOO_MANY_ASKED
}
