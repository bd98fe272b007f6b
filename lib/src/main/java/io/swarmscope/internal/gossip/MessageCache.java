package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the last heartbeats, for those who ask for them. Bounded by bytes too; then the oldest go early. Not thread-safe: whoever
 * runs the router.
 */
final class MessageCache {

    private final int gossipWindows;

    /** The newest window first. */
    private final ArrayDeque<List<MessageId>> windows = new ArrayDeque<>();

    /** The oldest first. */
    private final Map<MessageId, Entry> messages = new LinkedHashMap<>();

    private long bytes;

    private static final class Entry {
        final Message message;
        @Nullable Map<PeerId, Integer> sent;

        Entry(Message message) {
            this.message = message;
        }
    }

    MessageCache(int windows, int gossipWindows) {
        this.gossipWindows = gossipWindows;
        for (int i = 0; i < windows; i++) {
            this.windows.add(new ArrayList<>());
        }
    }

    void put(MessageId id, Message message) {
        if (messages.putIfAbsent(id, new Entry(message)) != null) {
            return;
        }
        windows.getFirst().add(id);
        bytes += message.encoded().length;
        Iterator<Entry> oldest = messages.values().iterator();
        while (bytes > Limits.GOSSIP_CACHE_BYTES && oldest.hasNext()) {
            bytes -= oldest.next().message.encoded().length;
            oldest.remove();
        }
    }

    @Nullable Message get(MessageId id) {
        Entry entry = messages.get(id);
        return entry == null ? null : entry.message;
    }

    /** A message for a peer that asks for it; null if it is gone or the peer asked too often. */
    @Nullable Message forPeer(MessageId id, PeerId peer) {
        Entry entry = messages.get(id);
        if (entry == null) {
            return null;
        }
        Map<PeerId, Integer> sent = entry.sent;
        if (sent == null) {
            sent = new HashMap<>();
            entry.sent = sent;
        }
        return sent.merge(peer, 1, Integer::sum) > Limits.GOSSIP_IWANT_REPEATS ? null : entry.message;
    }

    /** The ids to tell of in a topic. */
    List<MessageId> recent(String topic) {
        List<MessageId> ids = new ArrayList<>(0);
        for (List<MessageId> window : recent()) {
            for (MessageId id : window) {
                Entry entry = messages.get(id);
                if (entry != null && entry.message.topic().equals(topic)) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    /** The ids to tell of, window by window; some of the messages may be gone. */
    List<List<MessageId>> recent() {
        return windows.stream().limit(gossipWindows).toList();
    }

    /** Begins a new window and forgets the oldest; the ids that are not to be told of any more. */
    List<MessageId> shift() {
        for (MessageId id : windows.removeLast()) {
            Entry gone = messages.remove(id);
            if (gone != null) {
                bytes -= gone.message.encoded().length;
            }
        }
        windows.addFirst(new ArrayList<>());
        return windows.stream().skip(gossipWindows).findFirst().orElse(List.of());
    }
}
