package io.swarmscope.internal.link;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import java.util.concurrent.atomic.LongAdder;

/** What a host counts. Safe for any thread: every link adds to it. */
final class Counters {
    final LongAdder handshakes = new LongAdder();
    final LongAdder failedHandshakes = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder violations = new LongAdder();
    final LongAdder timedOut = new LongAdder();
    final LongAdder failedStreams = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();

    /** Counts how a connection ended that did not come about. */
    void handshakeFailed(HostException why) {
        failedHandshakes.increment();
        if (why.kind() == Kind.TIMED_OUT) {
            timedOut.increment();
        }
    }

    /** Counts how a stream of a peer ended that did not end well. */
    void failed(Exception why) {
        switch (why instanceof HostException known ? known.kind() : Kind.STREAM_RESET) {
            case TIMED_OUT -> timedOut.increment();
            case LIMIT_REACHED -> refused.increment();
            case CONNECTION_CLOSED, CLOSED, INTERRUPTED -> {} // not the stream's doing
            default -> failedStreams.increment();
        }
    }
}
