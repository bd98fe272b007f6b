package io.swarmscope.simulation;

import io.swarmscope.Multiaddr;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.node.SimulatedSignatures;
import io.swarmscope.internal.simulation.Engine;
import io.swarmscope.internal.simulation.Net;
import io.swarmscope.internal.simulation.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Many nodes in one process under virtual time: the very code of production, with a network between them that does what its seed says. For the thread that
 * made it, and for tasks that it runs.
 *
 * <pre>{@code
 * try (SimulatedNetwork network = SimulatedNetwork.of(20).seed(7).start()) {
 *     network.node(0).registry().publish(PackageManifest.of("acme/logger", "1.2.0", "A small logger"));
 *     network.advance(Duration.ofSeconds(5));
 *     assertTrue(network.node(19).registry().exists(PackageId.of("acme/logger")));
 * }
 * }</pre>
 *
 * <p>Time passes only while this thread is in a call of a node's registry, or in {@link #advance}. The same seed and the same calls give the same events, to the last
 * byte: {@link #hash} tells.
 */
public final class SimulatedNetwork implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final long seed;
    private final Engine engine;
    private final Net net;
    private final SimulatedSignatures shared = new SimulatedSignatures();
    private final SplittableRandom random;
    private final RegistryConfig config;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Multiaddr> bootstrap = new ArrayList<>();

    private SimulatedNetwork(Plan plan) {
        this.seed = plan.seed;
        this.engine = new Engine(plan.seed);
        this.net = new Net(engine);
        this.random = engine.newRandom();
        this.config = plan.config;
        Latency latency = plan.latency;
        net.conditions().delay(latency::nanos);
        net.conditions().loss(plan.loss);
        net.conditions().resets(plan.resets);
        net.conditions().duplicates(plan.duplicates);
    }

    /** A network to be. Each method changes it and gives it back. */
    public static final class Plan {
        private final int size;
        private long seed = 1;
        private Latency latency = Latency.logNormal(Duration.ofMillis(25), 0.5);
        private RegistryConfig config = RegistryConfig.DEFAULT.withNetwork("simulation");
        private double loss;
        private double resets;
        private double duplicates;
        private int seeds = 3;
        private Duration spread = Duration.ofMillis(50);

        private Plan(int size) {
            this.size = size;
        }

        /** What all of its chance comes from. */
        public Plan seed(long number) {
            seed = number;
            return this;
        }

        /** How long packets take; by default half of them less than 25 ms, one in twenty more than 57 ms. */
        public Plan latency(Latency all) {
            latency = all;
            return this;
        }

        /** The share of packets that are lost, which TCP makes stalls of: 250 ms, twice as long each time. None by default. */
        public Plan loss(double share) {
            loss = share;
            return this;
        }

        /** The share of packets with which their connection breaks. None by default. */
        public Plan resets(double share) {
            resets = share;
            return this;
        }

        /** The share of requests and frames of gossip that come twice. None by default. */
        public Plan duplicates(double share) {
            duplicates = share;
            return this;
        }

        /** How many of the first nodes are what the others bootstrap by: 3 by default. */
        public Plan seeds(int number) {
            seeds = number;
            return this;
        }

        /** The time from one node's start to the next one's; 50 ms by default. */
        public Plan startingEvery(Duration time) {
            spread = time;
            return this;
        }

        /** Changes the configuration of all nodes. Where they listen and whom they bootstrap by is for the network to say. */
        public Plan config(UnaryOperator<RegistryConfig> change) {
            config = change.apply(config);
            return this;
        }

        /** Makes the network and starts its nodes, one after the other. Returns when all have joined, or after two minutes. */
        public SimulatedNetwork start() {
            SimulatedNetwork network = new SimulatedNetwork(this);
            for (int i = 0; i < size; i++) {
                SimulatedNode node = network.add(UnaryOperator.identity());
                if (i < seeds) {
                    network.bootstrap.add(node.address());
                }
            }
            for (SimulatedNode node : network.nodes) {
                node.configure(c -> c.withBootstrap(network.bootstrapFor(node)));
                node.start();
                network.advance(spread);
            }
            network.advanceUntil(network::allJoined, Duration.ofMinutes(2));
            return network;
        }
    }

    /** A network of so many nodes. */
    public static Plan of(int nodes) {
        return new Plan(nodes);
    }

    private List<Multiaddr> bootstrapFor(SimulatedNode node) {
        return bootstrap.stream().filter(address -> !address.equals(node.address())).toList();
    }

    private boolean allJoined() {
        return nodes.size() < 2 || nodes.stream().allMatch(node -> !node.isRunning() || node.joined());
    }

    // Nodes

    /** All nodes, by number. */
    public List<SimulatedNode> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** One of them. */
    public SimulatedNode node(int number) {
        return nodes.get(number);
    }

    /** How many there are. */
    public int size() {
        return nodes.size();
    }

    /** Adds a node that does not run yet. */
    public SimulatedNode add(UnaryOperator<RegistryConfig> change) {
        Identity identity = newIdentity();
        RegistryConfig own = change.apply(config.withBootstrap(List.copyOf(bootstrap)));
        SimulatedNode node = new SimulatedNode(this, identity, new Place(nodes.size(), identity.peerId(), engine), own);
        nodes.add(node);
        return node;
    }

    private Identity newIdentity() {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return Identity.ofSeed(seed);
    }

    // Time

    /** Lets virtual time pass. */
    public void advance(Duration time) {
        enter(() -> {
            engine.advance(time);
            return true;
        });
    }

    /** Lets virtual time pass until something is so, looking every tenth of a second; whether it came to be so within that time. */
    public boolean advanceUntil(BooleanSupplier so, Duration atMost) {
        return advanceUntil(so, atMost, LOOK);
    }

    /** The same, looking as often as is said. */
    public boolean advanceUntil(BooleanSupplier so, Duration atMost, Duration every) {
        return enter(() -> {
            Duration until = engine.elapsed().plus(atMost);
            while (!so.getAsBoolean()) {
                if (engine.elapsed().compareTo(until) >= 0) {
                    return false;
                }
                engine.advance(every);
            }
            return true;
        });
    }

    /** The virtual time since the beginning. */
    public Duration elapsed() {
        return engine.elapsed();
    }

    /**
     * Starts a task that runs beside this thread, in turns with it: what it calls of registries lets time pass for it alone. Read the future after time has passed; waiting
     * for it without letting time pass waits for ever.
     */
    public <T> CompletableFuture<T> run(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread unused = engine.start("task", () -> {
            try {
                result.complete(task.call());
            } catch (Exception | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    // The network

    /** How long packets take from now on. */
    public void latency(Latency all) {
        net.conditions().delay(all::nanos);
    }

    /** The share of packets that are lost from now on. */
    public void loss(double share) {
        net.conditions().loss(share);
    }

    /**
     * Cuts the network into parts that do not reach each other.
     *
     * @param part which part a node is in, by its number
     */
    public void partition(IntUnaryOperator part) {
        net.partition(part);
        enter(() -> {
            nodes.forEach(SimulatedNode::ping);
            return true;
        });
    }

    /**
     * From now on nodes come and go, each for itself: it stays for a time, its power fails, it is away for a time, and starts again with what is on its disk. Times
     * have an exponential distribution.
     *
     * @param stays the median of the time that a node stays
     * @param away the median of the time that it is away
     * @param who the numbers of those that come and go
     */
    public void churn(Duration stays, Duration away, IntPredicate who) {
        enter(() -> {
            for (SimulatedNode node : nodes) {
                if (who.test(node.number())) {
                    SplittableRandom chance = random.split();
                    Thread unused = engine.start("churn-" + node.number(), () -> comeAndGo(node, stays, away, chance));
                }
            }
            return true;
        });
    }

    private static void comeAndGo(SimulatedNode node, Duration stays, Duration away, SplittableRandom chance) {
        try {
            while (true) {
                World.here().pause(exponential(stays, chance));
                node.crash();
                World.here().pause(exponential(away, chance));
                node.start();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the simulation has ended
        }
    }

    private static long exponential(Duration median, SplittableRandom chance) {
        return (long) (median.toNanos() * -Math.log(1 - chance.nextDouble()) / Math.log(2)) + 1;
    }

    /** Makes it one network again. */
    public void heal() {
        net.heal();
    }

    // What happened

    /** The seed. */
    public long seed() {
        return seed;
    }

    /** A number for all that was delivered so far: when, what, from whom, to whom, with which bytes. */
    public String hash() {
        return engine.hash().toString();
    }

    /** How many events there were so far, and how many messages of each kind were delivered. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        net.counts().forEach((kind, count) -> counts.put(kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'), count));
        counts.put("events", engine.events());
        counts.put("bytes", net.bytes());
        return counts;
    }

    <T> T enter(Supplier<T> what) {
        return engine.enter(what);
    }

    Net net() {
        return net;
    }

    SimulatedSignatures shared() {
        return shared;
    }

    /** Ends all that runs in it. */
    @Override
    public void close() {
        engine.close();
    }

    @Override
    public String toString() {
        return "simulation of " + nodes.size() + " nodes, seed " + seed + ", after " + elapsed() + ", event hash " + hash();
    }
}
