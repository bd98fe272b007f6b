package io.swarmscope.internal.simulation;

/** What is delivered, as it enters the hash and the counts. */
public enum Traffic {
    /** A connection is made. */
    DIAL,
    /** A connection ends. */
    CLOSE,
    /** Who tells about itself. */
    IDENTIFY,
    /** A request over the DHT. */
    KAD_REQUEST,
    /** Its answer. */
    KAD_ANSWER,
    /** The beginning or the end of a stream for gossip. */
    GOSSIP_STREAM,
    /** A frame of gossip. */
    GOSSIP,
    /** Bytes of any other stream. */
    STREAM
}
