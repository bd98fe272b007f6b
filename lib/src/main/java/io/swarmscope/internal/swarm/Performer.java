package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.ProviderEntry;
import io.swarmscope.internal.kad.RequestId;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs what the swarm decided. The swarm thread calls {@link #perform}, which hands every action that may wait to a thread of its
 * own and returns at once.
 */
final class Performer {

    private static final Logger log = LoggerFactory.getLogger(Performer.class);

    private final Dialer dialer;
    private final KadRequests requests;
    private final GossipWriter gossip;
    private final PeerObserver observer;
    private final BiConsumer<Bytes, Bytes> indexer;
    private final Consumer<ProviderEntry> providers;
    private final ConcurrentHashMap<RequestId, Thread> inFlight = new ConcurrentHashMap<>();
    private final ThreadFactory requestThreads;
    private final ExecutorService threads;
    private final ThreadPoolExecutor indexing;

    Performer(
            Dialer dialer,
            KadRequests requests,
            GossipWriter gossip,
            SwarmConfig config,
            String name) {
        this.dialer = dialer;
        this.requests = requests;
        this.gossip = gossip;
        this.observer = config.observer();
        this.indexer = config.indexer();
        this.providers = config.providers();
        this.requestThreads = Thread.ofVirtual().name(name + "-request-", 0).factory();
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-task-", 0).factory());
        ThreadFactory worker = Thread.ofPlatform().daemon().name(name + "-index").factory();
        this.indexing = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(Limits.INDEX_QUEUE), worker);
        indexing.allowCoreThreadTimeOut(true);
    }

    /** Peers in answers of the DHT beyond the limit, so far. Any thread. */
    long passedOver() {
        return requests.passedOver();
    }

    void perform(Action action) {
        switch (action) {
            case Action.Settle<?> a -> a.perform();
            case Action.Fail a -> a.perform();
            case Action.Send a -> send(a);
            case Action.Abandon a -> abandon(a.id());
            case Action.Dial a -> start(() -> dialer.dial(a.peer(), a.addresses()), a.peer());
            case Action.CloseIfIdle a -> {
                if (a.connection().streams() <= a.uncounted()) {
                    a.connection().close();
                }
            }
            case Action.Index a -> index(() -> indexer.accept(a.key(), a.value()));
            case Action.Provided a -> index(() -> providers.accept(a.entry()));
            case Action.OpenGossip a -> start(() -> gossip.run(a), a.connection().remote());
            case Action.SendGossip a -> {
                if (!a.queue().put(a.rpc())) {
                    log.debug("a peer does not take what it must hear: its gossip stream ends");
                }
            }
            case Action.EndGossip a -> a.queue().close();
            case Action.Blame a -> {
                if (a.mayBeHonest()) {
                    observer.outdated(a.peer(), a.what());
                } else {
                    observer.misbehaved(a.peer(), a.what());
                }
            }
        }
    }

    private void start(Runnable task, PeerId peer) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("closing: no dial and no stream to {}", peer);
        }
    }

    private void send(Action.Send action) {
        Thread thread = requestThreads.newThread(() -> {
            try {
                requests.run(action);
            } finally {
                inFlight.remove(action.id());
            }
        });
        inFlight.put(action.id(), thread);
        thread.start();
    }

    private void abandon(RequestId id) {
        Thread thread = inFlight.remove(id);
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void index(Runnable task) {
        try {
            indexing.execute(task);
        } catch (RejectedExecutionException e) {
            // The record or provider is stored all the same; the index hears of it when it is put again.
            log.debug("the index is behind: a record or a provider was not indexed");
        }
    }

    /** Interrupts what still runs, lets the worker take what it was given, and waits a bounded time for both to end. */
    void close() throws InterruptedException {
        threads.shutdownNow();
        indexing.shutdown();
        inFlight.values().forEach(Thread::interrupt);
        long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        for (Thread thread : inFlight.values()) {
            thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        }
        if (!threads.awaitTermination(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            log.debug("a dial or a stream did not end within 2 s");
        }
        if (!indexing.awaitTermination(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            indexing.shutdownNow();
        }
    }
}
