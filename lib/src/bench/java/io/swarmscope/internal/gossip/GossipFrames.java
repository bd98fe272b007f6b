package io.swarmscope.internal.gossip;

import io.swarmscope.internal.wire.Frames;
import java.util.List;

/** Frames as a peer sends them. Stateless; any thread. */
public final class GossipFrames {

    private GossipFrames() {}

    /** A message in a frame of its own, with its length in front. */
    public static byte[] of(Message message) {
        return Frames.prefixed(RpcCodec.encode(new Rpc(List.of(), List.of(message), Rpc.Control.EMPTY)));
    }
}
