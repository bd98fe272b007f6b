package io.swarmscope.internal.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The events of a simulation in the order of their times: a calendar. Touched only by the thread that has its turn.
 *
 * <p>One heap of all would be large, and each step in it a look at memory far away. So only the events of this fraction of a millisecond are kept in order; those
 * of the next two seconds lie in boxes, one for each fraction, and whatever is later in a heap of its own.
 *
 * @see <a href="https://doi.org/10.1145/63039.63045">R. Brown, Calendar queues, 1988</a>
 */
final class EventQueue {

    /** A box is for 2^18 ns, about a quarter of a millisecond: some dozen events where a thousand nodes are busy. */
    private static final int BOX_BITS = 18;

    private static final int BOXES = 1 << 13;

    /** Something to do at a time, or the turn of somebody who waits; {@code number} tells which of its waits. */
    record Event(long time, long order, @Nullable Runnable what, @Nullable Actor turn, long number) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** Those of this very moment, which most of what happens leads to. */
    private final ArrayDeque<Event> now = new ArrayDeque<>();

    private final PriorityQueue<Event> present = new PriorityQueue<>(256);
    private final List<List<Event>> boxes = new ArrayList<>(BOXES);
    private final PriorityQueue<Event> later = new PriorityQueue<>(1024);

    /** The box whose events are in order, counted from time 0. */
    private long box;

    private int boxed;
    private long order;

    /** An empty one. */
    EventQueue(long now) {
        box = now >> BOX_BITS;
        for (int i = 0; i < BOXES; i++) {
            boxes.add(new ArrayList<>(0));
        }
    }

    /** Adds an event of this moment: it comes after those added so before, and before all others. */
    void addNow(long time, @Nullable Runnable what, @Nullable Actor turn, long number) {
        now.add(new Event(time, 0, what, turn, number));
    }

    /** Adds an event, which is not before the one taken last. */
    void add(long time, @Nullable Runnable what, @Nullable Actor turn, long number) {
        put(new Event(time, order++, what, turn, number));
    }

    private void put(Event event) {
        long of = event.time >> BOX_BITS;
        if (of <= box) {
            present.add(event);
        } else if (of < box + BOXES) {
            boxes.get((int) (of % BOXES)).add(event);
            boxed++;
        } else {
            later.add(event);
        }
    }

    /** Takes the next event, null if there is none. */
    @Nullable Event poll() {
        if (!now.isEmpty()) {
            return now.poll();
        }
        while (present.isEmpty()) {
            if (boxed > 0) {
                box++;
            } else if (later.peek() instanceof Event next) {
                box = next.time >> BOX_BITS;
            } else {
                return null;
            }
            while (later.peek() instanceof Event next && next.time >> BOX_BITS < box + BOXES) {
                later.remove();
                put(next);
            }
            List<Event> open = boxes.get((int) (box % BOXES));
            if (!open.isEmpty()) {
                present.addAll(open);
                boxed -= open.size();
                open.clear();
            }
        }
        return present.poll();
    }

    void clear() {
        now.clear();
        present.clear();
        boxes.forEach(List::clear);
        boxed = 0;
        later.clear();
    }
}
