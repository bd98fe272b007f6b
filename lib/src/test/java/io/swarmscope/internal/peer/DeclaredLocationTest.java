package io.swarmscope.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.swarmscope.Location;
import org.junit.jupiter.api.Test;

class DeclaredLocationTest {
    private static final Location BERLIN = new Location(52.52, 13.405);
    private static final Location PARIS = new Location(48.857, 2.352);
    private static final Location SYDNEY = new Location(-33.87, 151.21);

    @Test
    void whatOneDeclaresAnotherReadsToATenthOfADegree() {
        String agent = DeclaredLocation.declare("swarmscope/1.2", SYDNEY);
        assertThat(agent).isEqualTo("swarmscope/1.2 (geo:-33.9,151.2)");
        assertThat(DeclaredLocation.in(agent)).contains(new Location(-33.9, 151.2));
    }

    @Test
    void nearIsNearerThanFarAndTheFarSideOfTheWorldIsNothing() {
        String berlin = DeclaredLocation.declare("a", BERLIN);
        assertThat(BERLIN.kilometresTo(PARIS)).isCloseTo(878, within(5.0));
        assertThat(DeclaredLocation.nearness(BERLIN, berlin)).isGreaterThan(0.99);
        assertThat(DeclaredLocation.nearness(PARIS, berlin)).isCloseTo(0.56, within(0.01));
        assertThat(DeclaredLocation.nearness(SYDNEY, berlin)).isZero();
        assertThat(DeclaredLocation.nearness(null, berlin)).isZero();
        assertThat(new Location(0, 179.95).kilometresTo(new Location(0, -179.95))).isLessThan(12);
    }

    @Test
    void nonsenseIsNoPlace() {
        for (String agent : new String[] {
            "", "kubo/0.30", "(geo:", "(geo:91,0)", "(geo:0,181)", "(geo:NaN,1)", "(geo:1e9,1)", "(geo:1)", "geo:1,2", "(geo:1,2", "(geo:--1,2)",
            "(geo:1.12345678,2)"
        }) {
            assertThat(DeclaredLocation.in(agent)).as(agent).isEmpty();
            assertThat(DeclaredLocation.nearness(BERLIN, agent)).as(agent).isZero();
        }
    }
}
