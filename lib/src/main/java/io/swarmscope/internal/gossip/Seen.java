package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The messages that were seen lately, what they were worth and who sent them. Not thread-safe: whoever runs the router. */
final class Seen {

    /** Senders of copies that are remembered of one message; more have nothing to gain or lose by it. */
    private static final int SENDERS = 64;

    private final long ttlNanos;
    private final Map<MessageId, Entry> entries = new LinkedHashMap<>();

    /** One message. */
    static final class Entry {
        final long since;

        /** Null until it is known what it is worth. */
        @Nullable Verdict verdict;

        private @Nullable Set<PeerId> senders;

        /** By their numbers, those who need not be told of it; null unless others are told of it. */
        private @Nullable BitSet informed;

        Entry(long since) {
            this.since = since;
        }

        /** From now on others are told of it. */
        void isNews() {
            informed = new BitSet();
        }

        /** The peer said that it has the message, or was told of it. */
        void inform(Peer peer) {
            BitSet known = informed;
            if (known != null) {
                known.set(peer.number);
            }
        }

        boolean isInformed(Peer peer) {
            BitSet known = informed;
            return known != null && known.get(peer.number);
        }

        /** The peer is gone: its number will be another's. */
        void forget(Peer peer) {
            BitSet known = informed;
            if (known != null) {
                known.clear(peer.number);
            }
        }

        /** Nobody is told of it any more. */
        void isOld() {
            informed = null;
        }

        /** Notes a sender; whether it was none before. */
        boolean sentBy(PeerId peer) {
            Set<PeerId> known = senders;
            if (known == null) {
                known = new LinkedHashSet<>(4);
                senders = known;
            }
            return known.size() < SENDERS && known.add(peer);
        }

        boolean wasSentBy(PeerId peer) {
            Set<PeerId> known = senders;
            return known != null && known.contains(peer);
        }

        Set<PeerId> senders() {
            Set<PeerId> known = senders;
            return known == null ? Set.of() : known;
        }
    }

    Seen(long ttlNanos) {
        this.ttlNanos = ttlNanos;
    }

    @Nullable Entry get(MessageId id) {
        return entries.get(id);
    }

    boolean contains(MessageId id) {
        return entries.containsKey(id);
    }

    /** What is known of a message, from now on that it was seen. */
    Entry getOrAdd(MessageId id, long now) {
        Entry entry = entries.get(id);
        if (entry == null) {
            entry = new Entry(now);
            entries.put(id, entry);
            if (entries.size() > Limits.GOSSIP_SEEN) {
                Iterator<Entry> oldest = entries.values().iterator();
                oldest.next();
                oldest.remove();
            }
        }
        return entry;
    }

    void expire(long now) {
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext() && now - oldest.next().since >= ttlNanos) {
            oldest.remove();
        }
    }

    int size() {
        return entries.size();
    }
}
