package io.swarmscope.internal.sync;

import io.swarmscope.PeerId;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;

/** Questions and answers on one stream, in turn. Used by the thread that runs the session, which waits as long as the stream does. */
final class Exchange {

    private final Stream stream;
    private final Deadline end;
    private final Tally tally;

    /**
     * On this stream.
     *
     * @param end when nothing more is asked; what was asked ends with the stream's timeout
     */
    Exchange(Stream stream, Deadline end, Tally tally) {
        this.stream = stream;
        this.end = end;
        this.tally = tally;
    }

    PeerId peer() {
        return stream.remote();
    }

    /**
     * Asks and waits for the answer.
     *
     * @param expected what it must be
     * @throws Ended if the peer answers something else or nothing, or was asked enough, or time is up
     * @throws io.swarmscope.internal.wire.MalformedException if it answers what is no message
     * @throws IOException if it cannot be asked or does not answer in time
     */
    <T extends SyncAnswer.Body> T ask(SyncRequest request, Class<T> expected) throws IOException, Ended {
        if (end.passed()) {
            throw new Ended(Ending.INTERRUPTED, "time is up");
        }
        if (tally.rounds == Limits.SYNC_ROUNDS) {
            throw new Ended(Ending.INTERRUPTED, "more round trips than a session may have");
        }
        byte[] question = Frames.prefixed(request.encode());
        stream.output().write(question);
        tally.bytesOut += question.length;
        byte[] bytes = Frames.read(stream.input(), Limits.SYNC_FRAME_BYTES);
        tally.bytesIn += bytes.length;
        tally.rounds++;
        SyncAnswer answer = SyncAnswer.decode(bytes);
        tally.peerCount = answer.root().count();
        switch (answer.status()) {
            case OK -> {}
            case BUSY -> throw new Ended(Ending.BUSY, "the peer gives no more now");
            case UNKNOWN_SHARD -> throw new Ended(Ending.BUSY, "the peer does not hold the shard");
        }
        if (!expected.isInstance(answer.body())) {
            throw Ended.broken("an answer that is not " + expected.getSimpleName());
        }
        return expected.cast(answer.body());
    }
}
