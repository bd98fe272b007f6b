package io.swarmscope.internal.sync;

import io.swarmscope.PeerId;
import io.swarmscope.internal.sync.SyncAnswer.Body;
import io.swarmscope.internal.sync.SyncAnswer.Status;
import io.swarmscope.internal.sync.SyncRequest.Asked;
import io.swarmscope.internal.sync.SyncRequest.Compare;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.List;

/** Answers questions about what this node holds; remembers none of them. Thread-safe. */
final class Answering {

    /** Parts smaller than that would be more to write than their items. */
    private static final int ITEMS_PER_PART = 16;

    private final SyncRecords records;

    Answering(SyncRecords records) {
        this.records = records;
    }

    SyncAnswer answer(PeerId from, SyncRequest request) {
        return switch (request) {
            case Compare compare -> answer(Status.OK, compared(compare));
            case SyncRequest.Fetch fetch -> {
                Page page = Page.read(records, fetch.keys());
                yield answer(Status.OK, new SyncAnswer.Fetched(page.records(), page.done()));
            }
            case SyncRequest.Offer offer -> answer(Status.OK, taken(from, offer.records()));
            case SyncRequest.Foreign foreign -> answer(Status.UNKNOWN_SHARD, new SyncAnswer.Nothing());
        };
    }

    SyncAnswer busy() {
        return answer(Status.BUSY, new SyncAnswer.Nothing());
    }

    private SyncAnswer answer(Status status, Body body) {
        return new SyncAnswer(status, records.items().summary(KeyRange.ALL), body);
    }

    private Body compared(Compare compare) {
        List<Part> parts = new ArrayList<>();
        int weight = 0;
        for (Asked asked : compare.ranges()) {
            if (weight >= Limits.SYNC_FRAME_FULL) {
                break;
            }
            // All of it is said of one state, so that who gets contradictions can blame us.
            Part part = records.items().with(items -> part(items, asked));
            parts.add(part);
            weight += part.weight();
        }
        return new SyncAnswer.Compared(parts);
    }

    private static Part part(ItemTree items, Asked asked) {
        Summary ours = items.in(asked.range()).summary();
        if (ours.equals(asked.summary())) {
            return new Part.Same();
        }
        int count = (int) ours.count();
        return isToBeListed(count, asked.summary().count())
                ? new Part.Listed(items.list(asked.range(), count))
                : split(items, asked.range(), Math.clamp(count / ITEMS_PER_PART, 2, Limits.SYNC_PARTS));
    }

    /** If it is short, or the counts alone say that half of the list will be of use: splitting would only put it off. */
    private static boolean isToBeListed(int ours, long theirs) {
        return ours <= Limits.SYNC_LIST_SHORT || (ours <= Limits.SYNC_LIST && ours / 2 <= Math.abs(ours - theirs));
    }

    private static Part split(ItemTree items, KeyRange range, int count) {
        List<String> cuts = items.cuts(range, count);
        List<Summary> parts = new ArrayList<>(count);
        String low = range.low();
        for (String cut : cuts) {
            parts.add(items.in(new KeyRange(low, cut)).summary());
            low = cut;
        }
        parts.add(items.in(new KeyRange(low, range.high())).summary());
        return new Part.Split(cuts, parts);
    }

    private Body taken(PeerId from, List<SyncRecord> offered) {
        int taken = 0;
        int known = 0;
        int refused = 0;
        for (SyncRecord record : offered) {
            switch (records.take(from, record.key(), record.encoded())) {
                case NEW -> taken++;
                case KNOWN -> known++;
                case REFUSED -> refused++;
            }
        }
        return new SyncAnswer.Offered(taken, known, refused);
    }
}
