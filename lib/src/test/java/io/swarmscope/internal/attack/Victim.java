package io.swarmscope.internal.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.ChildJvm;
import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.SearchResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.AbstractLongAssert;

/**
 * A node that is attacked, in a JVM of its own with a small heap, so that what is measured is what the attack cost and nothing
 * else; and an honest peer of it, in this JVM. Used by one test at a time.
 */
final class Victim implements AutoCloseable {

    /** A node starts with about 10. Whatever an attack makes it keep must fit as well, or the process ends. */
    static final int HEAP_MIB = 64;

    static final String KAD = "/swarmscope/kad/1.0.0";
    static final String SEARCH = "/swarmscope/search/2.0.0";
    static final String SYNC = "/swarmscope/sync/1.0.0";
    static final String GOSSIP = "/meshsub/1.2.0";
    static final String IDENTIFY = "/ipfs/id/1.0.0";
    static final String PUSH = "/ipfs/id/push/1.0.0";
    static final String PING = "/ipfs/ping/1.0.0";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final BufferedReader said;
    final Multiaddr address;
    private final Registry honest;
    private final long quietHeap;
    private Map<String, Long> before = Map.of();

    Victim() throws Exception {
        List<String> flags = List.of(
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xmx" + HEAP_MIB + "m");
        process = ChildJvm.of(VictimProgram.class, flags).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        said = process.inputReader();
        String line = said.readLine();
        assertThat(line).startsWith("open ");
        address = Multiaddr.parse(line.substring(5));
        honest = Registry.open(RegistryConfig.DEFAULT
                .withListen("/ip4/127.0.0.1/tcp/0")
                .withDhtMode(DhtMode.CLIENT)
                .withMaxPackages(0)); // so that it has to ask
        honest.connect(address, PATIENCE);
        assertServed(); // and loads its classes
        quietHeap = heap();
    }

    private String ask(String question) {
        try {
            process.outputWriter().append(question).append('\n').flush();
            String answer = said.readLine();
            assertThat(answer).as("the victim is alive to answer '%s'", question).isNotNull();
            return answer;
        } catch (IOException e) {
            throw new AssertionError("the victim is dead", e);
        }
    }

    private long heap() {
        return Long.parseLong(ask("heap"));
    }

    /** What anybody can read of a node. */
    private Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>();
        for (String word : ask("counters").trim().split(" ")) {
            int at = word.indexOf('=');
            counters.put(word.substring(0, at), Long.parseLong(word.substring(at + 1)));
        }
        return counters;
    }

    /** Makes it look for a package that it does not have, everywhere. */
    String find(String id) {
        return ask("find " + id);
    }

    /** From now on counters count from zero. */
    void mark() {
        before = counters();
    }

    /** How much a counter grew since the mark. */
    long grown(String counter) {
        return counters().getOrDefault(counter, 0L) - before.getOrDefault(counter, 0L);
    }

    /** A level, not what was counted. */
    long level(String name) {
        return counters().getOrDefault(name, 0L);
    }

    /** Waits until a counter has grown by that much at least since the mark. */
    void awaitGrown(String counter, long least) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThatGrown(counter).isGreaterThanOrEqualTo(least));
    }

    AbstractLongAssert<?> assertThatGrown(String counter) {
        Map<String, Long> now = counters();
        return assertThat(now.getOrDefault(counter, 0L) - before.getOrDefault(counter, 0L)).as("%s, of all %s", counter, now);
    }

    /** What it keeps beyond what it kept in peace. */
    void assertHeapWithin(int mib) {
        double more = (heap() - quietHeap) / 1048576.0;
        assertThat(more).as("MiB that the attack costs, beside %.1f in peace", quietHeap / 1048576.0).isLessThanOrEqualTo(mib);
    }

    /** The same soon: threads of connections that have just ended are still leaving. */
    void awaitHeapWithin(int mib) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> assertHeapWithin(mib));
    }

    /** The honest peer searches it, and is answered. */
    void assertServed() throws InterruptedException {
        SearchResult result = honest.search(Query.text(VictimProgram.WORD + "7"), PATIENCE);
        assertThat(result.hits()).as("%s", result.report()).isNotEmpty();
    }

    @Override
    public void close() throws Exception {
        honest.close();
        process.outputWriter().close();
        said.close();
        process.destroy();
        process.waitFor();
    }
}
