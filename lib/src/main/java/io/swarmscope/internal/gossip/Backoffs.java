package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who stays out of the mesh of a topic, and until when. Not thread-safe: whoever runs the router. */
final class Backoffs {

    private record Key(String topic, PeerId peer) {}

    private final Map<Key, Long> until = new LinkedHashMap<>();

    /** Keeps a peer out for some time from now, unless it is out for longer already. */
    void add(String topic, PeerId peer, Duration time, long now) {
        Duration honoured = time.compareTo(Limits.GOSSIP_BACKOFF_MAX) > 0 ? Limits.GOSSIP_BACKOFF_MAX : time;
        until.merge(new Key(topic, peer), Nanos.after(now, honoured), (x, y) -> x - y > 0 ? x : y);
        if (until.size() > Limits.GOSSIP_BACKOFFS) {
            Iterator<Key> oldest = until.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Nanoseconds until the peer may come back; 0 or less if it may, {@link Long#MIN_VALUE} if it never was out. */
    long left(String topic, PeerId peer, long now) {
        Long end = until.get(new Key(topic, peer));
        return end == null ? Long.MIN_VALUE : end - now;
    }

    /** Whether the peer has to be left alone: until a little after it may come, for its clock is not ours. */
    boolean isOut(String topic, PeerId peer, long slackNanos, long now) {
        long left = left(topic, peer, now);
        return left != Long.MIN_VALUE && left + slackNanos > 0;
    }

    void expire(long slackNanos, long now) {
        until.values().removeIf(end -> Nanos.reached(end + slackNanos, now));
    }
}
