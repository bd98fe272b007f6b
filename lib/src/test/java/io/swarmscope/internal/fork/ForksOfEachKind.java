package io.swarmscope.internal.fork;

import java.util.List;
import org.junit.jupiter.api.Named;

/** All that this run of Java can load, for tests elsewhere that are run with each. */
public final class ForksOfEachKind {

    private ForksOfEachKind() {}

    /** Each under the name of its kind. */
    public static List<Named<Forks>> named() {
        return Variants.loadable().stream().map(forks -> Named.of(forks.kind(), forks)).toList();
    }
}
