package io.swarmscope.internal.sync;

import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;

/**
 * Syncs with one peer: fetches what it has newer, offers it what this node has. Thread-safe; blocks the calling thread, which may be interrupted.
 * The stream does not outlive the call, and the work is bounded whatever the peer does.
 */
public final class SyncClient {

    private final String protocol;
    private final SyncRecords records;

    /**
     * Syncs these records.
     *
     * @param network names the protocol that is spoken
     */
    public SyncClient(String network, SyncRecords records) {
        this.protocol = SyncHandler.protocol(network);
        this.records = records;
    }

    /**
     * Syncs until both hold the same, or as far as it goes. Never throws because of what the peer does. If the thread is interrupted, the session
     * is too, and the thread's interrupt status is set.
     *
     * @param deadline when it must have ended, though {@link Limits#SYNC_SESSION} from now at the latest
     */
    public SyncReport sync(Connection connection, Deadline deadline) {
        Tally tally = new Tally();
        try {
            run(connection, deadline.orEarlier(Deadline.after(Limits.SYNC_SESSION)), tally);
            // Who finds a difference asks once more at least.
            return tally.report(tally.rounds == 1 ? Ending.EQUAL : Ending.DONE, "");
        } catch (Ended e) {
            return tally.report(e.ending(), e.detail());
        } catch (MalformedException e) {
            return tally.report(Ending.PROTOCOL, String.valueOf(e.getMessage()));
        } catch (HostException e) {
            boolean violation = e.kind() == HostException.Kind.PROTOCOL_VIOLATION;
            return tally.report(violation ? Ending.PROTOCOL : Ending.INTERRUPTED, e.kind() + ": " + e.getMessage());
        } catch (IOException e) {
            return tally.report(Ending.INTERRUPTED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return tally.report(Ending.INTERRUPTED, "this node was interrupted");
        }
    }

    private void run(Connection connection, Deadline end, Tally tally) throws IOException, InterruptedException, Ended {
        boolean ended = false;
        Stream stream = connection.open(protocol, end.remaining());
        try {
            Exchange exchange = new Exchange(stream, end, tally);
            new Walk(records.items(), exchange, new Transfers(records, exchange, tally), tally).run();
            ended = true;
        } finally {
            if (ended) {
                stream.close();
            } else {
                stream.reset();
            }
        }
    }
}
