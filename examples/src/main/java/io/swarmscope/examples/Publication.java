package io.swarmscope.examples;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PublishReceipt;
import io.swarmscope.Registry;
import io.swarmscope.RegistryException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Publishes many packages, a few at a time. The versions of one package go out one after another, lowest first, because the one
 * published last is the latest.
 */
final class Publication {
    /** Each waits for the network most of its time, or for its turn: a node publishes no faster than others take it. */
    private static final int AT_ONCE = 16;

    private final Queue<List<PackageManifest>> waiting;
    private final Function<PackageId, Registry> publishers;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger published = new AtomicInteger();
    private final AtomicInteger reached = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    private Publication(Map<PackageId, List<PackageManifest>> packages, Function<PackageId, Registry> publishers) {
        this.waiting = new ConcurrentLinkedQueue<>(packages.values());
        this.publishers = publishers;
    }

    /**
     * How it went.
     *
     * @param published versions that were signed and are kept by their publisher
     * @param reached those of them that another node stored at once; the others are offered again
     * @param failures the others, each with its reason
     */
    record Outcome(int published, int reached, List<String> failures, Duration elapsed) {
        /** How many were published in a second. */
        double rate() {
            return published / Math.max(1e-9, elapsed.toNanos() / 1e9);
        }
    }

    /**
     * Publishes and waits for the end.
     *
     * @param publishers which node publishes a package
     * @param progress told how many versions are done
     * @throws RegistryException.Closed if a node was closed meanwhile
     */
    static Outcome of(
            Map<PackageId, List<PackageManifest>> packages, Function<PackageId, Registry> publishers, Progress progress)
            throws InterruptedException {
        return new Publication(packages, publishers).run(progress);
    }

    private Outcome run(Progress progress) throws InterruptedException {
        long start = System.nanoTime();
        CountDownLatch working = new CountDownLatch(AT_ONCE);
        List<Thread> workers = IntStream.range(0, AT_ONCE)
                .mapToObj(i -> Thread.ofVirtual().name("publish-" + i).start(() -> work(working)))
                .toList();
        try (progress) {
            while (!working.await(100, TimeUnit.MILLISECONDS)) {
                progress.at(done.get());
            }
            progress.at(done.get());
        } finally {
            workers.forEach(Thread::interrupt);
        }
        if (!waiting.isEmpty()) {
            throw new RegistryException.Closed(null);
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        return new Outcome(published.get(), reached.get(), List.copyOf(failures), elapsed);
    }

    private void work(CountDownLatch working) {
        try {
            for (List<PackageManifest> versions = waiting.poll(); versions != null; versions = waiting.poll()) {
                for (PackageManifest manifest : versions) {
                    publish(manifest);
                }
            }
        } catch (RegistryException.Closed e) {
            waiting.add(List.of()); // tells run() that not all was done
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the caller of run() was interrupted and knows
        } finally {
            working.countDown();
        }
    }

    private void publish(PackageManifest manifest) throws InterruptedException {
        try {
            PublishReceipt receipt = publishers.apply(manifest.id()).publish(manifest);
            published.incrementAndGet();
            if (receipt.reachedNetwork()) {
                reached.incrementAndGet();
            }
        } catch (RegistryException.Closed e) {
            throw e;
        } catch (RegistryException e) {
            failures.add(manifest.id() + " " + manifest.version() + ": " + e.getMessage());
        } finally {
            done.incrementAndGet();
        }
    }
}
