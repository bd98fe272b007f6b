package io.swarmscope.internal.sync;

import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.sync.SyncRequest.Fetch;
import io.swarmscope.internal.sync.SyncRequest.Offer;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Fetches the records that the peer has newer, and offers it those that this node has. Used by the thread that runs the session. */
final class Transfers {

    private final SyncRecords records;
    private final Exchange exchange;
    private final Tally tally;

    private final ArrayDeque<Item> wanted = new ArrayDeque<>();
    private final ArrayDeque<String> offers = new ArrayDeque<>();

    /** Keys asked for that are not held as they were listed, after all. */
    private int useless;

    private int asked;

    Transfers(SyncRecords records, Exchange exchange, Tally tally) {
        this.records = records;
        this.exchange = exchange;
        this.tally = tally;
    }

    /** Notes what the peer has and we have not. */
    void want(Item item) {
        wanted.add(item);
    }

    /** Notes what we have and the peer has not. */
    void offer(String key) {
        offers.add(key);
    }

    /** Whether messages would be full. */
    boolean fillMessages() {
        return wanted.size() >= Limits.SYNC_RECORDS || offers.size() >= Limits.SYNC_RECORDS;
    }

    /** Moves all that was noted. What came with a message is held before the next is asked for. */
    void run() throws IOException, Ended {
        for (List<Item> some = nextWanted(); !some.isEmpty(); some = nextWanted()) {
            fetch(some);
        }
        while (!offers.isEmpty()) {
            offer(next(offers));
        }
    }

    /** What gossip brought meanwhile is wanted no more. */
    private List<Item> nextWanted() {
        List<Item> some = new ArrayList<>();
        while (some.size() < Limits.SYNC_RECORDS && !wanted.isEmpty()) {
            Item item = wanted.remove();
            if (isMissing(item)) {
                some.add(item);
            }
        }
        return some;
    }

    private boolean isMissing(Item item) {
        return records.items().get(item.key()) < item.sequence();
    }

    private static <T> List<T> next(ArrayDeque<T> queue) {
        List<T> some = new ArrayList<>();
        while (some.size() < Limits.SYNC_RECORDS && !queue.isEmpty()) {
            some.add(queue.remove());
        }
        return some;
    }

    private static <T> void putBack(List<T> some, ArrayDeque<T> queue) {
        for (int i = some.size() - 1; i >= 0; i--) {
            queue.addFirst(some.get(i));
        }
    }

    private void fetch(List<Item> items) throws IOException, Ended {
        Fetch fetch = new Fetch(items.stream().map(Item::key).toList());
        SyncAnswer.Fetched fetched = exchange.ask(fetch, SyncAnswer.Fetched.class);
        int done = fetched.done();
        if (done == 0 || done > items.size()) {
            throw Ended.broken("an answer about " + done + " of " + items.size() + " keys");
        }
        requireAsked(fetched.records(), fetch.keys().subList(0, done));
        for (SyncRecord record : fetched.records()) {
            take(record);
        }
        asked += done;
        useless += (int) items.stream().limit(done).filter(this::isMissing).count();
        if (useless > Limits.SYNC_USELESS && useless > asked / 2) {
            throw new Ended(Ending.USELESS, useless + " of " + asked + " records were not given or not good");
        }
        putBack(items.subList(done, items.size()), wanted);
    }

    /** They are some of those asked for, in the same order. */
    private static void requireAsked(List<SyncRecord> given, List<String> keys) throws Ended {
        int next = 0;
        for (SyncRecord record : given) {
            int at = keys.subList(next, keys.size()).indexOf(record.key());
            if (at < 0) {
                throw Ended.broken("a record that was not asked for");
            }
            next += at + 1;
        }
    }

    private void take(SyncRecord record) {
        tally.fetched++;
        switch (records.take(exchange.peer(), record.key(), record.encoded())) {
            case NEW -> tally.gained++;
            case KNOWN -> {}
            case REFUSED -> tally.refused++;
        }
    }

    private void offer(List<String> keys) throws IOException, Ended {
        int vain = tally.offered - tally.accepted;
        if (vain > Limits.SYNC_USELESS && vain > tally.offered / 2) {
            return; // It may have its reasons. What it has is welcome all the same.
        }
        Page page = Page.read(records, keys);
        putBack(keys.subList(page.done(), keys.size()), offers);
        int sent = page.records().size();
        if (sent == 0) {
            return;
        }
        SyncAnswer.Offered said = exchange.ask(new Offer(page.records()), SyncAnswer.Offered.class);
        if (said.taken() + said.known() + said.refused() != sent) {
            throw Ended.broken("an answer that is not about the " + sent + " records offered");
        }
        tally.offered += sent;
        tally.accepted += said.taken();
    }
}
