package io.swarmscope.internal.link.identify;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Identify on one connection: asks the peer, hears its pushes, and pushes ours. Safe for any thread; the methods that use streams
 * block the thread that calls them.
 */
public final class IdentifiedPeer {
    private static final long PUSH_EVERY = Limits.IDENTIFY_PUSH_EVERY.toNanos();

    private final Connection connection;
    private final Multiaddr observed;
    private final Identify self;
    private final Duration timeout;
    private final Consumer<Identified> told;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Identified identified = Identified.NOTHING;

    // guarded by lock
    private final IdentifyState state;
    private boolean heard;
    private long nextPushIn;
    private boolean pushing;
    private boolean pushAgain;

    /**
     * Identify for a connection that was just made.
     *
     * @param observed the peer's address as the socket shows it
     * @param timeout for each answer and push
     * @param told called with what is known whenever the peer told something, one call at a time
     */
    public IdentifiedPeer(
            Connection connection,
            Multiaddr observed,
            Identify self,
            Duration timeout,
            Consumer<Identified> told) {
        this.connection = connection;
        this.observed = observed;
        this.self = self;
        this.timeout = timeout;
        this.told = told;
        state = new IdentifyState(connection.remote());
        nextPushIn = System.nanoTime();
    }

    /** What the peer told so far. */
    public Identified identified() {
        return identified;
    }

    /** Asks the peer on a stream that was opened for it. */
    public void ask(Stream stream) throws IOException {
        stream.timeout(timeout);
        IdentifyMessage answer = Identify.readAll(stream.input());
        lock.lock();
        try {
            publish(state.answered(answer));
        } finally {
            lock.unlock();
        }
    }

    /** Answers the peer's question. */
    public void respond(Stream stream) throws IOException {
        self.respond(stream, observed);
    }

    /**
     * Hears one push of the peer.
     *
     * @throws HostException of kind LIMIT_REACHED if it pushes too often
     */
    public void hear(Stream stream) throws IOException {
        requireRate();
        stream.timeout(timeout);
        IdentifyMessage push = Identify.readAll(stream.input());
        lock.lock();
        try {
            publish(state.pushed(push));
        } finally {
            lock.unlock();
        }
    }

    /** One push a second; three at once, because what was sent a second apart may arrive together. */
    private void requireRate() throws HostException {
        lock.lock();
        try {
            long now = System.nanoTime();
            long next = Math.max(nextPushIn - now, 0) + PUSH_EVERY;
            if (next > 3 * PUSH_EVERY) {
                throw new HostException(Kind.LIMIT_REACHED, "peer pushes identify too often");
            }
            nextPushIn = now + next;
        } finally {
            lock.unlock();
        }
    }

    // The caller holds the lock, so that news are told in the order in which they replaced each other.
    private void publish(Identified news) {
        boolean changed = !news.equals(identified);
        boolean first = !heard;
        heard = true;
        identified = news;
        if (changed || first) {
            told.accept(news);
        }
    }

    /** Tells the peer what this host is now; one push at a time, what changes during one is told right after it. */
    public void push() throws IOException, InterruptedException {
        if (!beginPush()) {
            return;
        }
        boolean again = true;
        try {
            while (again) {
                pushOnce();
                again = endPush();
            }
        } finally {
            if (again) {
                abandonPush();
            }
        }
    }

    private boolean beginPush() {
        lock.lock();
        try {
            if (pushing) {
                pushAgain = true;
                return false;
            }
            pushing = !heard || identified.protocols().contains(Identify.PUSH);
            return pushing;
        } finally {
            lock.unlock();
        }
    }

    private boolean endPush() {
        lock.lock();
        try {
            boolean again = pushAgain;
            pushAgain = false;
            pushing = again;
            return again;
        } finally {
            lock.unlock();
        }
    }

    private void abandonPush() {
        lock.lock();
        try {
            pushAgain = false;
            pushing = false;
        } finally {
            lock.unlock();
        }
    }

    private void pushOnce() throws IOException, InterruptedException {
        try (Stream stream = connection.open(Identify.PUSH, timeout)) {
            self.respond(stream, observed);
            // The peer's end says that it has read everything; js aborts a second push that comes before.
            stream.input().skip(1);
        }
    }
}
