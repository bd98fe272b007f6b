package io.swarmscope.internal.link;

import java.util.concurrent.atomic.LongAdder;

/** What a host counts. Safe for any thread: every link adds to it. */
final class Counters {
    final LongAdder handshakes = new LongAdder();
    final LongAdder failedHandshakes = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder violations = new LongAdder();
    final LongAdder failedHandlers = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
}
