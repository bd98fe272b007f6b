package io.swarmscope.internal.kad;

import java.time.Duration;

/** Range checks of {@link KadConfig}: each failure says the name, the value and what is expected. Any thread. */
final class Ranges {

    private Ranges() {}

    static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + ": use " + least + " to " + most);
        }
    }

    static void check(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " " + value + ": use " + least + " to " + most);
        }
    }

    /** Whichever of two is shorter. */
    static Duration shorter(Duration x, Duration y) {
        return x.compareTo(y) < 0 ? x : y;
    }
}
