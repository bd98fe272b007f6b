package io.swarmscope.internal.search;

import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.telemetry.TracedPart;
import java.io.IOException;
import java.util.concurrent.Callable;

/** One attempt to ask one peer: ask, wait, check. Runs on a virtual thread of its own. */
final class PeerTask<R extends PeerAnswer> implements Callable<R> {

    /** Checks an answer and says what it came to. */
    interface Check<R> {
        /**
         * Checks it.
         *
         * @throws Refused if it is no answer
         * @throws Dishonest if no honest peer sends it
         */
        R check(PeerId peer, SearchAnswer answer) throws Refused, Dishonest, InterruptedException;
    }

    final Part part;
    private final SearchRequest request;
    private final Check<R> check;
    private final Asking asking;
    private final Deadline deadline;

    PeerTask(Part part, SearchRequest request, Check<R> check, Asking asking, Deadline deadline) {
        this.part = part;
        this.request = request;
        this.check = check;
        this.asking = asking;
        this.deadline = deadline;
    }

    @Override
    public R call() throws IOException, InterruptedException, Refused, Dishonest {
        asking.questions.increment();
        try {
            return traced(connection());
        } finally {
            part.ends();
            asking.questions.decrement();
        }
    }

    private R traced(Connection connection) throws IOException, InterruptedException, Refused, Dishonest {
        try (TracedPart span = asking.telemetry.ask(connection.remote(), connection.remoteAddress())) {
            try {
                R answer = check.check(part.id(), asking.client.ask(connection, request, deadline, part));
                span.set("swarmscope.search.hits", answer.count());
                return answer;
            } catch (IOException | InterruptedException | Refused | Dishonest e) {
                span.failed(e);
                throw e;
            }
        }
    }

    /** The one it was chosen with, or if that is gone, another to the same peer. */
    private Connection connection() throws HostException, InterruptedException {
        Connection chosen = part.peer.connection();
        if (chosen.isOpen()) {
            return chosen;
        }
        return asking.choice.connectionTo(part.id(), deadline)
                .orElseThrow(() -> new HostException(HostException.Kind.CONNECTION_CLOSED, "the connection was lost"));
    }
}
