package io.swarmscope.internal.peer;

import io.swarmscope.PeerId;

/** Hears how peers serve and does nothing; what matters to a test it overrides. */
public class DeafObserver implements PeerObserver {

    @Override
    public void succeeded(PeerId peer, long nanos) {}

    @Override
    public void failed(PeerId peer) {}

    @Override
    public void outdated(PeerId peer, String what) {}

    @Override
    public void misbehaved(PeerId peer, String what) {}
}
