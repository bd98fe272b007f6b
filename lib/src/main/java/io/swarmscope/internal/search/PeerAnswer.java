package io.swarmscope.internal.search;

/** What a peer's answer came to once it was checked. Immutable. */
interface PeerAnswer {

    /** How many valid records it had. With none, another peer is asked in its place. */
    int count();

    /** Whether the peer sent all it has that was asked for. */
    boolean all();
}
