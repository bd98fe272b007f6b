package io.swarmscope;

/** Whether a node serves the DHT or only uses it. */
public enum DhtMode {
    /** Stores records for others and answers their lookups. For nodes that others can dial. */
    SERVER,
    /** Only asks. For nodes behind NAT and short-lived programs. */
    CLIENT
}
