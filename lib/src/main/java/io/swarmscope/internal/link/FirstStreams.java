package io.swarmscope.internal.link;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets only a few streams of a fresh connection go ahead until the peer has answered on any: js ends a connection that has many
 * before it is ready for them. Safe for any thread.
 */
final class FirstStreams {
    private final AtomicInteger early = new AtomicInteger();
    private final CountDownLatch answered = new CountDownLatch(1);

    /**
     * Waits until one more stream may be opened.
     *
     * @return what is left of the time
     */
    Duration await(Duration timeout) throws HostException, InterruptedException {
        if (answered.getCount() == 0 || early.incrementAndGet() <= Limits.STREAMS_UNANSWERED) {
            return timeout;
        }
        Deadline deadline = Deadline.after(timeout);
        if (!answered.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw new HostException(Kind.TIMED_OUT, "the peer answers none of the streams opened before");
        }
        return deadline.remaining();
    }

    /** The peer has said something on a stream, or the connection ended: nobody has to wait any more. */
    void answered() {
        answered.countDown();
    }
}
