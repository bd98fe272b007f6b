package io.swarmscope.internal.node;

import io.swarmscope.PeerId;
import io.swarmscope.internal.peer.PeerObserver;

/**
 * Passes on how peers serve, but does not call a peer a liar that only has an old record: whoever missed the newer one, has another clock, or met
 * another key first sends it in good faith. The DHT knows one kind of refusal only; its reason tells. Thread-safe.
 */
final class FairObserver implements PeerObserver {

    /** Stands in the reason of a refusal that an honest peer may cause, and in no other; see {@link KadRules}. */
    static final String OUTDATED = "outdated record: ";

    private final PeerObserver observer;

    FairObserver(PeerObserver observer) {
        this.observer = observer;
    }

    @Override
    public void succeeded(PeerId peer, long nanos) {
        observer.succeeded(peer, nanos);
    }

    @Override
    public void failed(PeerId peer) {
        observer.failed(peer);
    }

    @Override
    public void misbehaved(PeerId peer, String what) {
        if (!what.contains(OUTDATED)) {
            observer.misbehaved(peer, what);
        }
    }
}
