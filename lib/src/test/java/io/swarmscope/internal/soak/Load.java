package io.swarmscope.internal.soak;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps nodes busy: publishes the same packages anew, looks for some, searches for others. The nodes hold as much at the end as
 * at the beginning. Threads of its own, which end with it.
 */
final class Load implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Load.class);

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final int PACKAGES_OF_EACH = 5;
    private static final int WORKERS = 3;
    private static final int PUBLISHED_PER_SECOND = 10;
    private static final int ASKED_PER_SECOND = 10;

    private final List<Registry> nodes;
    private final String description;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final List<Thread> workers = new ArrayList<>();

    final LongAdder calls = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder undocumented = new LongAdder();

    private interface Call {
        void run(Registry node, int owner, int number) throws InterruptedException;
    }

    /**
     * Begins.
     *
     * @param descriptionLength of each package
     * @param rounds how often all packages are published before: with long descriptions, that fills what is bounded by bytes
     */
    Load(List<Registry> nodes, int descriptionLength, int rounds, long seed) throws InterruptedException {
        this.nodes = nodes;
        this.description = "x".repeat(descriptionLength);
        List<Thread> owners = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            int owner = i;
            owners.add(Thread.startVirtualThread(() -> {
                for (int n = 0; n < rounds * PACKAGES_OF_EACH; n++) {
                    Call publish = (node, o, number) -> node.publish(manifest(o, number), FIRST);
                    run(publish, nodes.get(owner), owner, n % PACKAGES_OF_EACH);
                }
            }));
        }
        for (Thread owner : owners) {
            owner.join();
        }
        for (int i = 0; i < WORKERS; i++) {
            Random random = new Random(seed + i);
            start(random, PUBLISHED_PER_SECOND, true, (node, owner, n) -> node.publish(manifest(owner, n), DEADLINE));
            start(random, ASKED_PER_SECOND, false, (node, owner, n) -> node.find(id(owner, n), DEADLINE));
            start(random, ASKED_PER_SECOND, false, (node, owner, n) -> node.search(Query.text("package" + n), DEADLINE));
        }
    }

    private static PackageId id(int owner, int number) {
        return PackageId.parse("owner" + owner + "/package" + number);
    }

    private PackageManifest manifest(int owner, int number) {
        return PackageManifest.of(id(owner, number).toString(), "1.0.0", "Package " + number).withDescription(description);
    }

    private void start(Random random, int perSecond, boolean byOwner, Call call) {
        long pause = Duration.ofSeconds(1).toNanos() * WORKERS / perSecond;
        workers.add(Thread.startVirtualThread(() -> {
            while (!ended.get()) {
                int owner = random.nextInt(nodes.size());
                Registry node = nodes.get(byOwner ? owner : random.nextInt(nodes.size()));
                run(call, node, owner, random.nextInt(PACKAGES_OF_EACH));
                LockSupport.parkNanos(pause);
            }
        }));
    }

    private void run(Call call, Registry node, int owner, int number) {
        try {
            call.run(node, owner, number);
            calls.increment();
        } catch (RegistryException e) {
            failed.increment();
        } catch (InterruptedException e) {
            ended.set(true);
        } catch (RuntimeException e) {
            undocumented.increment();
            LOG.error("a call failed as none should", e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        ended.set(true);
        for (Thread worker : workers) {
            worker.join();
        }
    }
}
