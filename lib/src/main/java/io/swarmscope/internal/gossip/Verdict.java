package io.swarmscope.internal.gossip;

/** What a message with a right signature is worth. */
public enum Verdict {
    /** Delivered and passed on. */
    ACCEPT,
    /** Dropped; an honest peer may have sent it. */
    IGNORE,
    /** Dropped; no honest peer sends it. */
    REJECT
}
