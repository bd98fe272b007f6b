package io.swarmscope.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.ChildJvm;
import io.swarmscope.Multiaddr;
import io.swarmscope.Query;
import io.swarmscope.QueryConfig;
import io.swarmscope.SearchReport.StopReason;
import io.swarmscope.SearchResult;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.ForksOfEachKind;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.Signed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A thousand searches at once, each waiting for three peers of another process. Alone, because it measures what they hold of the heap. */
@Tag("slow")
@Isolated
class ThousandSearchesTest {
    private static final int SEARCHES = 1_000;
    private static final int FAN_OUT = 3;
    private static final int PEERS = 150;

    /** Frames of compiled code are smaller. */
    private static final int ROUNDS_TO_WARM_UP = 4;

    /** Four threads of about 2 KB, three streams, and what the search itself knows. Compiled code needs less, so that this is not sharp. */
    private static final double KILOBYTES_A_SEARCH = 24;

    /** Long enough that nobody else is asked while the heap is measured. */
    private static final QueryConfig CONFIG = QueryConfig.production().withTimeout(Duration.ofMinutes(4)).withFanOut(FAN_OUT);

    private static final Query LOGGER = Query.text("logger");

    private final Identity alice = Heads.someone();
    private final Signed<?> logger = Heads.signed(alice, "alice/logger");

    static List<Named<Forks>> kinds() {
        return ForksOfEachKind.named();
    }

    @ParameterizedTest
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    @MethodSource("kinds")
    void eachIsAnsweredInFullAndHoldsAFewKilobytesWhileItWaits(Forks forks) throws Exception {
        try (Peers peers = new Peers(logger.encoded());
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < ROUNDS_TO_WARM_UP; i++) {
                round(forks, peers, callers);
                peers.hold();
            }
            double kilobytes = round(forks, peers, callers);
            assertThat(kilobytes).as("KB of heap for each search that waits").isBetween(1.0, KILOBYTES_A_SEARCH);
        }
    }

    /** Of a node that knows nobody yet: later it would ask the same few peers, and most searches would wait for a place. */
    private double round(Forks forks, Peers peers, ExecutorService callers) throws Exception {
        try (Street street = new Street()) {
            street.neighbours(peers.addresses);
            return round(street, street.service(CONFIG, forks), peers, callers);
        }
    }

    private static double round(Street street, SearchService service, Peers peers, ExecutorService callers) throws Exception {
        List<Future<SearchResult>> results = new ArrayList<>(SEARCHES);
        long before = usedHeap();

        for (int i = 0; i < SEARCHES; i++) {
            results.add(callers.submit(() -> service.search(LOGGER, CONFIG.timeout())));
        }
        await().until(() -> service.counters().get("search.asking") == SEARCHES * FAN_OUT);
        // Some wait until their peer, which others chose too, has a place for them.
        await().until(() -> street.streams() >= SEARCHES * FAN_OUT * 2 / 3);
        int streams = street.streams();
        double kilobytes = (usedHeap() - before) / 1024.0 / SEARCHES;
        long began = System.nanoTime();
        peers.answer();

        for (Future<SearchResult> future : results) {
            requireAnswer(future);
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d searches at once, %d streams, %.1f KB of heap for each; all had their answers after %d ms%n",
                service.forks.kind(), SEARCHES, streams, kilobytes, (System.nanoTime() - began) / 1_000_000);
        await().until(() -> street.streams() == 0);
        assertThat(service.counters()).containsEntry("search.asking", 0L).containsEntry("search.under-way", 0L);
        return kilobytes;
    }

    private static void requireAnswer(Future<SearchResult> future) throws InterruptedException, ExecutionException {
        SearchResult result = future.get();
        assertThat(result.hits()).as("%s", result.report()).hasSize(1);
        assertThat(result.report().answered()).as("%s", result.report()).isEqualTo(FAN_OUT);
        assertThat(result.report().stopped()).isEqualTo(StopReason.ALL_ANSWERED);
    }

    /** The least of some readings: what a collection leaves the next one may take. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Peers in another process. */
    private static final class Peers implements AutoCloseable {
        private final Process process;
        private final BufferedReader said;
        private final List<Multiaddr> addresses = new ArrayList<>();

        Peers(byte[] hit) throws IOException {
            process = ChildJvm.of(Answerers.class, List.of("-Xmx256m"), Integer.toString(PEERS), HexFormat.of().formatHex(hit))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line; (line = said.readLine()) != null && !line.equals("ready"); ) {
                if (line.startsWith("/ip4/")) {
                    addresses.add(Multiaddr.parse(line));
                }
            }
            assertThat(addresses).hasSize(PEERS);
        }

        void answer() throws IOException {
            say("answer\n");
        }

        void hold() throws IOException {
            say("hold\n");
            assertThat(said.readLine()).isEqualTo("holding");
        }

        private void say(String line) throws IOException {
            process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
