package io.swarmscope.internal.sync;

import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.sync.SyncReport.Ending;
import java.time.Duration;

/** Counts what happens in a session. Used by the thread that runs it. */
final class Tally {

    private final long began = World.nanoTime();

    int rounds;
    long bytesIn;
    long bytesOut;
    int ranges;
    int fetched;
    int gained;
    int refused;
    int offered;
    int accepted;
    long peerCount;

    SyncReport report(Ending ending, String detail) {
        Duration elapsed = Duration.ofNanos(World.nanoTime() - began);
        return new SyncReport(
                ending, detail, rounds, bytesIn, bytesOut, ranges, fetched, gained, refused, offered, accepted, peerCount, elapsed);
    }
}
