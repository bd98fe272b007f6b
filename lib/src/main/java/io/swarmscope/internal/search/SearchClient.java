package io.swarmscope.internal.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Asks one peer one question over the search protocol. Thread-safe; blocks the calling thread, which may be interrupted. The stream does not
 * outlive the call.
 */
final class SearchClient {

    private final String protocol;

    /** Places for questions under way, by peer; forgotten when nobody asks the peer. */
    private final Cache<PeerId, Semaphore> places =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

    SearchClient(String protocol) {
        this.protocol = protocol;
    }

    /**
     * Asks and waits for the answer.
     *
     * @param part notes when the peer is about to be asked, and what was sent and received
     * @throws io.swarmscope.internal.wire.MalformedException if the peer breaks the protocol
     * @throws IOException if it cannot be asked or does not answer in time
     */
    SearchAnswer ask(Connection connection, SearchRequest request, Deadline deadline, Part part)
            throws IOException, InterruptedException {
        Semaphore place = places.get(connection.remote(), peer -> new Semaphore(Limits.SEARCHES_PER_PEER, true));
        if (!World.here().take(place, deadline.remainingNanos())) {
            throw new HostException(HostException.Kind.TIMED_OUT, "too many questions to this peer were under way");
        }
        try {
            part.asks();
            return exchange(connection, request, deadline, part);
        } finally {
            place.release();
        }
    }

    private SearchAnswer exchange(Connection connection, SearchRequest request, Deadline deadline, Part part)
            throws IOException, InterruptedException {
        boolean answered = false;
        Stream stream = connection.open(protocol, deadline.remaining());
        try {
            byte[] question = Frames.prefixed(request.encode());
            part.sent(question.length);
            stream.finish(question);
            byte[] answer = Frames.read(stream.input(), Limits.SEARCH_ANSWER_BYTES);
            SearchAnswer decoded = SearchAnswer.decode(answer);
            part.received(answer.length, decoded);
            answered = true;
            return decoded;
        } finally {
            if (answered) {
                stream.close();
            } else {
                stream.reset();
            }
        }
    }
}
