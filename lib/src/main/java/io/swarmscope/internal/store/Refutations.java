package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.wire.Limits;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Which records there is evidence against, by their digests. Thread-safe; bounded. */
final class Refutations {

    private final Map<PackageId, byte[][]> digests = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();

    boolean contain(Signed<?> record) {
        byte[][] known = digests.get(record.id());
        return known != null && contains(known, Evidence.digest(record));
    }

    private static boolean contains(byte[][] known, byte[] digest) {
        return Arrays.stream(known).anyMatch(one -> Arrays.equals(one, digest));
    }

    /** Whether it was not known before and there was room. */
    boolean add(PackageId id, byte[] digest) {
        boolean[] added = new boolean[1];
        digests.compute(id, (any, known) -> {
            byte[][] before = known == null ? new byte[0][] : known;
            if (contains(before, digest)
                    || before.length >= Limits.RECORD_EVIDENCE_PER_PACKAGE
                    || size.get() >= Limits.RECORD_EVIDENCE) {
                return known;
            }
            added[0] = true;
            size.incrementAndGet();
            byte[][] more = Arrays.copyOf(before, before.length + 1);
            more[before.length] = digest;
            return more;
        });
        return added[0];
    }

    int size() {
        return size.get();
    }
}
