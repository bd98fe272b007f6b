package io.swarmscope.internal.swarm;

import io.swarmscope.host.Stream;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.kad.MessageCodec;
import io.swarmscope.internal.kad.Reply;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.time.Duration;

/**
 * Answers a peer's requests to the DHT, any number of them on one stream until the peer closes it, as go-libp2p and rust-libp2p do. Runs
 * on the stream's virtual thread; the swarm thread decides each answer.
 */
final class KadServer implements StreamHandler {

    private final SwarmHandle swarm;
    private final Validators validators;

    KadServer(SwarmHandle swarm, Validators validators) {
        this.swarm = swarm;
        this.validators = validators;
    }

    @Override
    public void handle(Stream stream) throws IOException, InterruptedException {
        while (true) {
            byte[] frame = Frames.next(stream, Limits.KAD_STREAM_IDLE, Limits.KAD_REQUEST, MessageCodec.REQUEST_BYTES_MAX);
            if (frame == null) {
                return;
            }
            Reply reply = swarm.serve(stream.connection(), checked(MessageCodec.decodeRequest(frame), validators));
            switch (reply) {
                case Reply.Send send ->
                    stream.output().write(Frames.prefixed(MessageCodec.encode(send.answer())));
                case Reply.Nothing nothing -> {}
                case Reply.Refuse refuse -> {
                    stream.reset();
                    return;
                }
            }
        }
    }

    /** The request with its record checked, so that the swarm thread verifies no signature. */
    static Request checked(Request request, Validators validators) {
        return request instanceof Request.PutValue put ? new Request.PutValue(validators.checked(put.record())) : request;
    }
}
