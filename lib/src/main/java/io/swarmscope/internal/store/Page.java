package io.swarmscope.internal.store;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The packages of {@link #SIZE} numbers in a row, and the lengths of their fields. One thread at a time changes it, any may read. Lengths are
 * set before the words of a package can be found, the package itself after: who sees it has seen all of them.
 */
final class Page {

    static final int SHIFT = 8;
    static final int SIZE = 1 << SHIFT;

    private final AtomicReferenceArray<@Nullable Indexed> packages = new AtomicReferenceArray<>(SIZE);
    private final int[] lengths = new int[SIZE];

    @Nullable Indexed get(int number) {
        return packages.getAcquire(number & (SIZE - 1));
    }

    void set(int number, @Nullable Indexed indexed) {
        packages.setRelease(number & (SIZE - 1), indexed);
    }

    int lengths(int number) {
        return lengths[number & (SIZE - 1)];
    }

    void setLengths(int number, int value) {
        lengths[number & (SIZE - 1)] = value;
    }
}
