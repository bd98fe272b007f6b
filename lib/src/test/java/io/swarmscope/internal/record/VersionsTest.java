package io.swarmscope.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import io.swarmscope.RegistryException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void rangesAreThoseOfNpm() {
        List<String> all = List.of("3.0.0", "2.1.0", "2.0.0-rc.1", "1.9.0", "1.2.3", "1.2", "0.9", "4.1.Final", "nightly");

        assertThat(Versions.inRange("^1.2.0", all)).containsExactly("1.9.0", "1.2.3", "1.2");
        assertThat(Versions.inRange(">=2.0.0 <3.0.0", all)).containsExactly("2.1.0");
        assertThat(Versions.inRange("1.x || 3.x", all)).containsExactly("3.0.0", "1.9.0", "1.2.3", "1.2");
        assertThat(Versions.inRange("1.2 - 2.1", all)).containsExactly("2.1.0", "1.9.0", "1.2.3", "1.2");
        assertThat(Versions.inRange("~1.2", all)).containsExactly("1.2.3", "1.2");
        assertThat(Versions.inRange("4.*", all)).containsExactly("4.1.Final");
        assertThat(Versions.inRange("2.0.0-rc.1", all)).containsExactly("2.0.0-rc.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "[1.0,2.0)", "^^1", ">=", ">=1.0.0,<2", "1.2.3 foo", "1 ||", "1.2.3.4.5", "99999999999"})
    void whatIsNoRangeIsRefusedInsteadOfFindingTooMuch(String range) {
        assertThatThrownBy(() -> Versions.inRange(range, List.of("1.0.0")))
                .isInstanceOf(RegistryException.InvalidInput.class)
                .hasMessageContaining("range");
    }
}
