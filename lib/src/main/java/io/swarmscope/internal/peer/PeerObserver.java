package io.swarmscope.internal.peer;

import io.swarmscope.PeerId;

/** Hears how peers serve us, one call per request or offence. Called on any thread; returns at once. */
public interface PeerObserver {

    /** The peer answered as it should, that long after it was asked. */
    void succeeded(PeerId peer, long nanos);

    /** The peer did not answer, or refused. */
    void failed(PeerId peer);

    /**
     * The peer sent a record that an honest peer may send too: it is older than the one known, has expired, or another key was seen first. A
     * few of them mean nothing, a flood of them does.
     */
    void outdated(PeerId peer, String what);

    /** The peer broke a protocol or sent what it could not have believed to be true. */
    void misbehaved(PeerId peer, String what);
}
