package io.swarmscope.simulation;

import io.swarmscope.internal.kad.LookupTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Runs the scenarios at the sizes of their tables and writes {@code lib/docs/simulation.md}: {@code mvn -Psimulate}. */
public final class Simulate {

    private static final long SEED = 7;
    private static final int LOOKUPS = 40;

    private final StringBuilder page = new StringBuilder();

    private Simulate() {}

    /** Writes the page to the file that is named. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Simulate simulate = new Simulate();
        simulate.introduction();
        simulate.lookups();
        simulate.dead();
        simulate.churn();
        simulate.news();
        simulate.partitions();
        simulate.withdrawals();
        simulate.sybils();
        simulate.thousand();
        Files.writeString(file, simulate.page);
        System.out.println("written: " + file.toAbsolutePath());
    }

    private void introduction() throws IOException {
        page.append("""
                # Simulation

                Written by `mvn -Psimulate`, which runs everything below in virtual time and takes some minutes. All figures but wall time and heap come from the seed:
                the same command gives the same tables.

                A simulated network runs the code of production: the swarm, the DHT, gossip, sync, search and publishing of every node, wired by the same class. What is
                replaced is the ground it stands on: clocks, sockets, threads, the disk and chance. Events are carried out one at a time in the order of their virtual
                times; requests, frames of gossip and streams are carried as the bytes that the codecs made. A hash over all that was delivered, when, from
                whom, to whom and with which bytes, shows whether two runs went the same way.

                The network takes time for each packet (by default half of them less than 25 ms), and can lose packets, which TCP makes stalls of, break connections,
                deliver requests and gossip twice, let streams overtake each other, be cut into parts, and hold nodes that cannot be dialed, are slow, accept
                and never answer, or have a wrong clock. A node can crash and start again with what was on its disk. Not simulated: TCP, Noise and Yamux themselves, SQLite, and
                the time that computing takes.

                ## In your own tests

                The artifact is `io.swarmscope:swarmscope` with the classifier `simulation` and scope `test`; it wants JUnit 5 and the class path, not the module path.

                ```java
                """);
        page.append(example());
        page.append("""
                ```

                When such a test fails, its message ends with the seed, the virtual time, the event hash and the command that runs that seed again;
                `-Dswarmscope.seed=N` runs one seed and no other. `SimulatedNetwork.of(50).seed(3).loss(0.01).start()` makes a network without JUnit. The calls of a simulated node let
                virtual time pass until they return, and wall time hardly; several at once are started with `network.run(...)`.

                A thousand nodes want 1 GB of heap and run ten times as fast as the clock. Large networks run a third faster with `-XX:+UseParallelGC -XX:+UseTransparentHugePages`, a heap
                that has its size from the start, and `-Djdk.virtualThreadScheduler.parallelism=1`: only one thread has its turn at a time, and it should not change cores for that.

                """);
    }

    /** The body of the test that shows how to use it, as it is run with all tests. */
    private static String example() throws IOException {
        Path source = Path.of("src/test/java/io/swarmscope/simulation/ExampleTest.java");
        String text = Files.readString(Files.exists(source) ? source : Path.of("lib").resolve(source));
        return text.substring(text.indexOf("class ExampleTest"));
    }

    private void lookups() {
        progress("lookups by size");
        page.append("""
                ## Lookups by the size of the network

                Lookups of random keys with the code that walks in production, through the routing tables of nodes that have run for long. Each tenfold network costs
                about one more hop: the growth is logarithmic. Found is the share of the 20 nodes nearest to a key that were found.

                | nodes | lookups | found | hops, mean | hops, most | requests | time, median |
                | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
                """);
        for (int nodes : new int[] {100, 1_000, 10_000}) {
            LookupTable.Row row = LookupTable.of(nodes, 100, 0, SEED);
            line("| %,d | %d | %s | %.2f | %d | %.1f | %d ms |",
                    nodes, row.lookups(), percent(row.found()), row.hops(), row.hopsMax(), row.requests(), row.millis());
        }
        page.append("\n");
    }

    private void dead() throws InterruptedException {
        progress("dead nodes");
        page.append("""
                ## Dead nodes

                Whole nodes, which have learned their tables by joining. The power of a fifth of them fails at once; lookups begin in that second, and again two minutes later.

                | nodes | when | found | nearest found | hops, mean | requests | time, median | slowest |
                | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                """);
        try (SimulatedNetwork network = SimulatedNetwork.of(100).seed(SEED).start()) {
            lookupLine("100", "all run", Scenarios.lookups(network, LOOKUPS, 1));
            Scenarios.crash(network, 5);
            lookupLine("80 of 100", "at once", Scenarios.lookups(network, LOOKUPS, 2));
            network.advance(Duration.ofMinutes(2));
            lookupLine("80 of 100", "2 minutes later", Scenarios.lookups(network, LOOKUPS, 3));
        }
        page.append("\n");
    }

    private void lookupLine(String nodes, String when, Scenarios.Lookups lookups) {
        line("| %s | %s | %s | %s | %.2f | %.1f | %s | %s |",
                nodes, when, percent(lookups.found()), percent(lookups.nearest()), lookups.hops(), lookups.requests(), time(lookups.median()),
                time(lookups.slowest()));
    }

    private void churn() throws InterruptedException {
        progress("churn");
        page.append("""
                ## Churn

                60 nodes, of which 57 come and go: they stay for 10 minutes in the median, lose their power, and are away for 3. Every five minutes lookups run and a package is
                published; reached is the share of the nodes running then that hold it within 20 s.

                | after | running | found | nearest found | requests | time, median | news reached | half by | last by |
                | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
                """);
        try (SimulatedNetwork network = SimulatedNetwork.of(60).seed(SEED).start()) {
            network.churn(Duration.ofMinutes(10), Duration.ofMinutes(3), number -> number >= 3);
            for (int i = 1; i <= 6; i++) {
                network.advance(Duration.ofMinutes(5));
                List<SimulatedNode> there = network.nodes().stream().filter(SimulatedNode::joined).toList();
                Scenarios.Lookups lookups = Scenarios.lookups(network, 15, i);
                there = there.stream().filter(SimulatedNode::joined).toList();
                Scenarios.Spread spread = Scenarios.spread(network, network.node(0), "acme/news-" + i, there, Duration.ofSeconds(20));
                line("| %d min | %d | %s | %s | %.1f | %s | %s | %s | %s |",
                        5 * i, there.size(), percent(lookups.found()), percent(lookups.nearest()), lookups.requests(), time(lookups.median()),
                        percent(spread.coverage()), time(spread.half()), time(spread.last()));
            }
        }
        page.append("\n");
    }

    private void news() {
        progress("gossip");
        page.append("""
                ## News

                How a publication reaches the others of 100 nodes. Silent nodes accept connections, are in everybody's mesh and pass nothing on; they are not counted. Before it signs, a
                publisher of a new package asks the DHT whether there is one already, which silent peers near its key draw out, at most to a quarter of the call's time. The other times
                count from the signature.

                | silent | published | signed after | reached | half by | last by |
                | ---: | ---: | ---: | ---: | ---: | ---: |
                """);
        for (int silent : new int[] {0, 20, 40}) {
            try (SimulatedNetwork network = SimulatedNetwork.of(100).seed(SEED).start()) {
                List<SimulatedNode> others = new ArrayList<>();
                for (SimulatedNode node : network.nodes()) {
                    boolean mute = node.number() % 5 >= 5 - silent / 20;
                    node.silent(mute);
                    if (!mute) {
                        others.add(node);
                    }
                }
                for (String when : List.of("at once", "2 minutes later")) {
                    Scenarios.Spread spread =
                            Scenarios.spread(network, network.node(0), "acme/news" + when.length(), others, Duration.ofSeconds(20));
                    line("| %d %% | %s | %s | %s | %s | %s |",
                            silent, when, time(spread.signed()), percent(spread.coverage()), time(spread.half()), time(spread.last()));
                    network.advance(Duration.ofMinutes(2));
                }
            }
        }
        page.append("\n");
    }

    private void partitions() throws InterruptedException {
        progress("partitions");
        page.append("""
                ## Partitions

                40 nodes are cut into halves for a time, publish on both sides, and are joined again. Measured from then on: when every node held what either side had published,
                when lookups found who is nearest on either side (more than 95 %), and when news of one side reached all within two seconds (tried every ten).

                | apart for | records on all nodes | lookups span both | gossip spans both |
                | ---: | ---: | ---: | ---: |
                """);
        for (int minutes : new int[] {2, 10, 60}) {
            try (SimulatedNetwork network = SimulatedNetwork.of(40).seed(SEED).start()) {
                Scenarios.Healing healing = Scenarios.heal(network, Duration.ofMinutes(minutes), Duration.ofMinutes(20));
                line("| %d min | %s | %s | %s |", minutes, within(healing.records()), within(healing.dht()), within(healing.gossip()));
            }
        }
        page.append("\n");
    }

    private static String within(Duration time) {
        return time.isZero() ? "not in 20 min" : time.toSeconds() + " s";
    }

    private void withdrawals() throws InterruptedException {
        progress("withdrawals");
        try (SimulatedNetwork network = SimulatedNetwork.of(20).seed(SEED).start()) {
            Scenarios.Withdrawals day = Scenarios.withdrawals(network, 10, Duration.ofHours(24));
            page.append("""
                    ## Withdrawals

                    20 nodes hold ten packages; five are withdrawn while a fifth of the nodes are away with the old records on their disks. For 24 hours nodes come and go, a fifth being away
                    at a time. It is looked every five minutes.

                    | a withdrawn package was held again | nodes that hold one at the end | other packages that nodes lack at the end |
                    | ---: | ---: | ---: |
                    """);
            line("| %d times | %d | %d |", day.resurrections(), day.holding(), day.missing());
        }
        page.append("\n");
    }

    private void sybils() throws InterruptedException {
        progress("sybils");
        page.append("""
                ## Identities around a key

                Somebody makes identities until enough of them are nearer to a package's key than any node of 100. They take its record and answer that they have nothing. Found: how many of 25
                nodes find it when they ask the network for at least one confirmation, whatever they hold themselves. Improbable: how many of the 20 nearest to the key are so near
                that a network of that size has one there for one key in twenty. Noticed: whether the publisher's node counted it (`kad.crowded` in its status): it does where the tenth nearest
                to the key is 16 times nearer than the tenth nearest to itself.

                | identities | told to be stored at | of these, nodes of ours near the key | found | improbable | noticed |
                | ---: | ---: | ---: | ---: | ---: | --- |
                """);
        for (int count : new int[] {0, 10, 20, 40}) {
            try (SimulatedNetwork network = SimulatedNetwork.of(100).seed(SEED).start()) {
                Scenarios.Sybils sybils = Scenarios.sybils(network, count, SEED);
                line("| %d | %d | %d | %d of %d | %d | %s |",
                        count, sybils.stored(), sybils.honest(), sybils.found(), sybils.asked(), sybils.improbable(), sybils.noticed() > 0 ? "yes" : "no");
            }
        }
        page.append("""

                With twenty, all records near the key are lost to them, and the receipt says that it is stored in twenty places; a node notices and does nothing about it. The package is
                found all the same, because every full node has it and says so when a lookup passes by. In a network of clients alone it would not be.

                """);
    }

    private void thousand() {
        progress("a thousand nodes");
        page.append("""
                ## A thousand nodes

                Ten virtual minutes: 1,000 nodes join within the first, then every five seconds one searches and one looks for what was published last, and every half minute one publishes. Twice
                with the same seed, in one thread and a heap of 2 GB; wall time is that of the machine it ran on, with whatever else ran there.

                | run | wall time | events | heap in use at the end | published | stored at, mean | asked | answered | packages held by each | event hash |
                | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
                """);
        Set<String> hashes = new HashSet<>();
        for (int run = 1; run <= 2; run++) {
            Life life = Life.of(1_000, SEED, Duration.ofMinutes(10));
            line("| %d | %d s | %,d | %,d MB | %d | %.1f | %d | %d | %s | `%s` |",
                    run, life.wall().toSeconds(), life.events(), life.heapBytes() >> 20, life.published(), life.stored(), life.searched(),
                    life.answered(), percent(life.held()), life.hash());
            hashes.add(life.hash());
        }
        if (hashes.size() > 1) {
            page.append("""

                    **The two runs did not go the same way.** Something in them depends on more than the seed. That is a defect of the simulator, or of the code that it runs.
                    """);
        }
    }

    private void line(String format, Object... values) {
        page.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String time(Duration time) {
        return String.format(Locale.ROOT, "%,d ms", time.toMillis());
    }

    private static void progress(String what) {
        System.out.println("simulating: " + what);
    }
}
