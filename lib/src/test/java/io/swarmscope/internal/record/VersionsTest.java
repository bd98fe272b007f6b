package io.swarmscope.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VersionsTest {

    @Test
    void semanticVersionsAreOrderedAsSuch() {
        assertOrder("2.0.0", "2.0.0-rc.10", "2.0.0-rc.9", "2.0.0-beta", "1.10.0", "1.9.0", "1.9.0-alpha");
    }

    @Test
    void whatMavenRepositoriesHoldIsOrderedSensibly() {
        assertOrder("5.0.0.Final", "5.0.0.RC1", "5.0.0.M10", "5.0.0.M2", "5.0.0-alpha-3", "4.1.100.Final", "4.1");
        assertOrder("2.0", "2.0-SNAPSHOT", "2.0-b07", "1.1.1.2", "1.1.1.1", "1.1.1", "1.1");
        assertOrder("33.0", "31.1-jre", "31.1-android", "r09");
        assertOrder("99999999999.1", "99999999998.1", "99");
    }

    @Test
    void theOrderIsTotalAndEachVersionOccursOnce() {
        assertThat(Versions.newestFirst(List.of("1.0", "1", "1.0.0", "1.0"))).containsExactly("1.0.0", "1.0", "1");
        assertThat(Versions.NEWEST_FIRST.compare("1.0+a", "1.0+b")).isNotZero();
    }

    private static void assertOrder(String... newestFirst) {
        List<String> shuffled = new ArrayList<>(List.of(newestFirst));
        Random random = new Random(7);
        for (int i = 0; i < 10; i++) {
            Collections.shuffle(shuffled, random);
            assertThat(Versions.newestFirst(shuffled)).containsExactly(newestFirst);
        }
    }
}
