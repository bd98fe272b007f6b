package io.swarmscope.internal.search;

import io.swarmscope.host.HostException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.swarm.Neighbour;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks one connected peer for a record, after the DHT had its head start. Runs on a virtual thread of its own. */
final class LookupTask implements Callable<Finding> {

    private static final long HEAD_START_MILLIS = 50;

    private final Neighbour peer;
    private final RecordKey key;
    private final Asking asking;
    private final RecordValidator validator;
    private final CountDownLatch begin;
    private final Deadline deadline;

    LookupTask(
            Neighbour peer,
            RecordKey key,
            Asking asking,
            RecordValidator validator,
            CountDownLatch begin,
            Deadline deadline) {
        this.peer = peer;
        this.key = key;
        this.asking = asking;
        this.validator = validator;
        this.begin = begin;
        this.deadline = deadline;
    }

    @Override
    public Finding call() throws InterruptedException {
        // Whether it was opened or the time was over is the same: go.
        boolean unused = begin.await(HEAD_START_MILLIS, TimeUnit.MILLISECONDS);
        long began = System.nanoTime();
        try {
            SearchRequest question = new SearchRequest.Lookup(key.id(), key.version());
            SearchAnswer answer = asking.client.ask(peer.connection(), question, deadline, () -> {});
            HitChecker.requireOk(answer);
            Finding finding = finding(answer);
            asking.reputation.succeeded(peer.id(), System.nanoTime() - began);
            return finding;
        } catch (MalformedException | Dishonest e) {
            asking.reputation.misbehaved(peer.id(), String.valueOf(e.getMessage()));
            return noHelp("sent what it should not have: " + e.getMessage());
        } catch (IOException | Refused e) {
            if (!(e instanceof HostException h && h.kind() == HostException.Kind.INTERRUPTED)) {
                asking.reputation.failed(peer.id());
            }
            return noHelp("did not answer: " + e.getMessage());
        }
    }

    private Finding finding(SearchAnswer answer) throws Dishonest {
        if (answer.hits().isEmpty()) {
            return noHelp("does not have it");
        }
        try {
            return new Finding.Found(validator.check(key, answer.hits().getFirst()));
        } catch (RecordRefused e) {
            if (e.reason().mayBeHonest()) {
                return noHelp("has a record that was refused, " + e.getMessage());
            }
            throw new Dishonest(String.valueOf(e.getMessage()));
        }
    }

    private Finding noHelp(String what) {
        return new Finding.Unknown("peer " + peer.id().shortText() + " " + what);
    }
}
