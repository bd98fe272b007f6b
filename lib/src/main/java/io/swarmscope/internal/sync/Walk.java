package io.swarmscope.internal.sync;

import io.swarmscope.internal.sync.Part.Listed;
import io.swarmscope.internal.sync.Part.Split;
import io.swarmscope.internal.sync.SyncRequest.Asked;
import io.swarmscope.internal.sync.SyncRequest.Compare;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds where two nodes differ, depth first in the order of keys, many ranges in each question, and transfers as soon as a message is full: what
 * waits stays bounded, and a session that breaks off has finished with all before the point it was at. Used by the thread that runs the session.
 */
final class Walk {

    private final ItemSet items;
    private final Exchange exchange;
    private final Transfers transfers;
    private final Tally tally;

    /** In order. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** A range that differs, or may. */
    private record Waiting(KeyRange range, int depth) {}

    Walk(ItemSet items, Exchange exchange, Transfers transfers, Tally tally) {
        this.items = items;
        this.exchange = exchange;
        this.transfers = transfers;
        this.tally = tally;
    }

    /** Walks to the end. */
    void run() throws IOException, Ended {
        waiting.add(new Waiting(KeyRange.ALL, 0));
        while (!waiting.isEmpty()) {
            compare();
            if (waiting.isEmpty() || transfers.fillMessages()) {
                transfers.run();
            }
        }
    }

    private void compare() throws IOException, Ended {
        List<Waiting> batch = new ArrayList<>();
        List<Asked> asked = new ArrayList<>();
        while (batch.size() < Limits.SYNC_RANGES && !waiting.isEmpty()) {
            Waiting next = waiting.remove();
            batch.add(next);
            asked.add(new Asked(next.range, items.summary(next.range)));
        }
        List<Part> parts = exchange.ask(new Compare(asked), SyncAnswer.Compared.class).parts();
        if (parts.isEmpty() || parts.size() > batch.size()) {
            throw Ended.broken("an answer about " + parts.size() + " of " + batch.size() + " ranges");
        }
        tally.ranges += parts.size();
        List<Waiting> rest = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            follow(batch.get(i), asked.get(i), parts.get(i), rest);
        }
        rest.addAll(batch.subList(parts.size(), batch.size()));
        for (int i = rest.size() - 1; i >= 0; i--) {
            waiting.addFirst(rest.get(i));
        }
        if (waiting.size() > Limits.SYNC_RANGES_WAITING) {
            throw Ended.broken("more differences than a set can have");
        }
    }

    private void follow(Waiting from, Asked asked, Part part, List<Waiting> rest) throws Ended {
        boolean differs = switch (part) {
            case Part.Same same -> true;
            case Split split -> split(from, split, rest);
            case Listed listed -> listed(from, listed, rest);
        };
        // What we asked with is what we hold, and the parts are what we hold: then the peer should have said that it is the same.
        if (!differs && items.summary(asked.range()).equals(asked.summary())) {
            throw Ended.broken("a difference that is none");
        }
    }

    private boolean split(Waiting from, Split split, List<Waiting> rest) throws Ended {
        if (from.depth == Limits.SYNC_DEPTH) {
            throw Ended.broken("splits without end");
        }
        boolean differs = false;
        String low = from.range.low();
        for (int i = 0; i < split.parts().size(); i++) {
            boolean last = i == split.cuts().size();
            KeyRange range = new KeyRange(low, last ? from.range.high() : split.cuts().get(i));
            if (range.isEmpty() || (!last && !from.range.contains(split.cuts().get(i)))) {
                throw Ended.broken("cuts out of order or range");
            }
            if (!items.summary(range).equals(split.parts().get(i))) {
                rest.add(new Waiting(range, from.depth + 1));
                differs = true;
            }
            low = last ? low : split.cuts().get(i);
        }
        return differs;
    }

    private boolean listed(Waiting from, Listed listed, List<Waiting> rest) throws Ended {
        Map<String, Long> theirs = inOrder(listed, from.range);
        KeyRange range = from.range;
        List<Item> ours = items.with(tree -> tree.list(from.range, Limits.SYNC_OFFERS_WAITING + 1));
        boolean cut = ours.size() > Limits.SYNC_OFFERS_WAITING;
        if (cut) {
            String key = ours.removeLast().key();
            range = new KeyRange(range.low(), key);
            rest.add(new Waiting(new KeyRange(key, from.range.high()), from.depth));
        }
        boolean differs = cut;
        for (Item item : ours) {
            Long sequence = theirs.remove(item.key());
            if (sequence == null || sequence < item.sequence()) {
                transfers.offer(item.key());
                differs = true;
            } else if (sequence > item.sequence()) {
                transfers.want(new Item(item.key(), sequence));
                differs = true;
            }
        }
        for (Item item : listed.items()) {
            if (theirs.containsKey(item.key()) && range.contains(item.key())) {
                transfers.want(item);
                differs = true;
            }
        }
        return differs;
    }

    private static Map<String, Long> inOrder(Listed listed, KeyRange range) throws Ended {
        Map<String, Long> items = new HashMap<>();
        String last = null;
        for (Item item : listed.items()) {
            if (!range.contains(item.key()) || (last != null && Keys.compare(last, item.key()) >= 0)) {
                throw Ended.broken("items out of order or range");
            }
            last = item.key();
            items.put(item.key(), item.sequence());
        }
        return items;
    }
}
