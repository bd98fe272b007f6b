package io.swarmscope.internal.kad;

/** What the sender of a {@link PeerInfo} says of its connection to that peer. Advice only: nothing is decided by it. */
public enum ConnectionType {
    /** No connection, and nothing known about whether one can be made. */
    NOT_CONNECTED(0),
    /** Connected now. */
    CONNECTED(1),
    /** Was connected lately. */
    CAN_CONNECT(2),
    /** Tried in vain lately. */
    CANNOT_CONNECT(3);

    private final int wireValue;

    ConnectionType(int wireValue) {
        this.wireValue = wireValue;
    }

    int wireValue() {
        return wireValue;
    }

    /** The type with that wire value; nothing is said by a value that is none. */
    static ConnectionType ofWire(long value) {
        for (ConnectionType type : values()) {
            if (type.wireValue == value) {
                return type;
            }
        }
        return NOT_CONNECTED;
    }
}
