package io.swarmscope.internal.kad;

/** What the sender of a {@link PeerInfo} says of its connection to that peer. Advice only: nothing is decided by it. */
public enum ConnectionType {
    /** No connection, and nothing known about whether one can be made. Wire value 0. */
    NOT_CONNECTED,
    /** Connected now. Wire value 1. */
    CONNECTED,
    /** Was connected lately. Wire value 2. */
    CAN_CONNECT,
    /** Tried in vain lately. Wire value 3. */
    CANNOT_CONNECT
}
