package io.swarmscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.internal.kad.LookupTable;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Some minutes of whole networks, and how far lookups walk in large ones. A thousand nodes live in {@code mvn -Psimulate}: they want 2 GB of heap. */
@Timeout(1200) // seconds, on a busy machine
class LifeTest {

    @Test
    void aSmallNetworkLivesTheSameLifeTwice() {
        livesTwice(25, Duration.ofMinutes(2));
    }

    @Tag("slow")
    @Test
    void threeHundredNodesLiveTheSameLifeTwice() {
        livesTwice(300, Duration.ofMinutes(4));
    }

    private static void livesTwice(int nodes, Duration length) {
        Life life = Life.of(nodes, 7, length);
        assertThat(life.held()).as("%s", life).isEqualTo(1);
        assertThat(life.stored()).as("%s", life).isGreaterThan(19);
        assertThat(life.answered()).as("%s", life).isGreaterThan(life.searched() * 8 / 10);
        Life again = Life.of(nodes, 7, length);
        assertThat(again.hash()).as("%s and %s", life, again).isEqualTo(life.hash());
        assertThat(again.events()).isEqualTo(life.events());
    }

    @Tag("slow")
    @Test
    void aNetworkTenTimesAsLargeCostsAboutOneMoreHop() {
        LookupTable.Row before = LookupTable.of(100, 50, 0, 7);
        for (int nodes : new int[] {1_000, 10_000}) {
            LookupTable.Row row = LookupTable.of(nodes, 50, 0, 7);
            assertThat(row.found()).as("%s", row).isGreaterThan(0.99);
            assertThat(row.hops() - before.hops()).as("%s after %s", row, before).isBetween(0.0, 1.5);
            before = row;
        }
    }
}
