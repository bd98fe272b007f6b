package io.swarmscope.internal.gossip;

import io.swarmscope.internal.gossip.Rpc.Control;
import io.swarmscope.internal.gossip.Rpc.Ihave;
import io.swarmscope.internal.gossip.Rpc.Prune;
import io.swarmscope.internal.gossip.Rpc.Subscription;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one input makes the router say, and makes frames of it for each peer, none larger than other implementations take. Vital
 * things, messages and gossip go into frames of their own, so that a queue that is full knows what to drop. Not thread-safe: whoever runs
 * the router.
 */
final class Drafts {

    /** Bytes around a topic or an id in a frame. */
    private static final int AROUND = 8;

    /** Frames of IHAVE for one peer and heartbeat; it takes {@link Limits#GOSSIP_IHAVE_FRAMES}, ours may come a little early. */
    private static final int IHAVE_FRAMES = Limits.GOSSIP_IHAVE_FRAMES - 2;

    private final Map<Peer, Draft> drafts = new LinkedHashMap<>();
    private final ArrayDeque<Effect> effects = new ArrayDeque<>();

    private static final class Draft {
        private final List<Subscription> subscriptions = new ArrayList<>();
        private final Set<String> graft = new LinkedHashSet<>();
        private final Map<String, Prune> prune = new LinkedHashMap<>();
        private final List<MessageId> idontwant = new ArrayList<>();
        private final Map<MessageId, Message> messages = new LinkedHashMap<>();
        private final List<Ihave> ihave = new ArrayList<>();
        private final List<MessageId> iwant = new ArrayList<>();
    }

    private @Nullable Draft of(Peer peer) {
        return peer.isWritable() ? drafts.computeIfAbsent(peer, p -> new Draft()) : null;
    }

    void subscription(Peer to, String topic, boolean joined) {
        Draft draft = of(to);
        if (draft != null) {
            draft.subscriptions.add(new Subscription(topic, joined));
        }
    }

    void graft(Peer to, String topic) {
        Draft draft = of(to);
        if (draft != null) {
            draft.prune.remove(topic);
            draft.graft.add(topic);
        }
    }

    void prune(Peer to, String topic, int backoffSeconds) {
        Draft draft = of(to);
        if (draft != null) {
            draft.graft.remove(topic);
            draft.prune.put(topic, new Prune(topic, backoffSeconds));
        }
    }

    void idontwant(Peer to, MessageId id) {
        Draft draft = of(to);
        if (draft != null) {
            draft.idontwant.add(id);
        }
    }

    void message(Peer to, MessageId id, Message message) {
        Draft draft = of(to);
        if (draft != null) {
            draft.messages.put(id, message);
        }
    }

    /** The peer has that message, or does not want it. */
    void withdraw(Peer to, MessageId id) {
        Draft draft = drafts.get(to);
        if (draft != null) {
            draft.messages.remove(id);
        }
    }

    void ihave(Peer to, String topic, List<MessageId> ids) {
        Draft draft = of(to);
        if (draft != null) {
            draft.ihave.add(new Ihave(topic, ids));
        }
    }

    void iwant(Peer to, List<MessageId> ids) {
        Draft draft = of(to);
        if (draft != null) {
            draft.iwant.addAll(ids);
        }
    }

    /** Nothing more is to be said to that peer. */
    void forget(Peer peer) {
        drafts.remove(peer);
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    @Nullable Effect next() {
        if (effects.isEmpty() && !drafts.isEmpty()) {
            drafts.forEach((peer, draft) -> {
                vital(peer, draft);
                declined(peer, draft.idontwant);
                messages(peer, List.copyOf(draft.messages.values()));
                wanted(peer, draft.iwant);
                told(peer, draft.ihave);
            });
            drafts.clear();
        }
        return effects.poll();
    }

    private void send(Peer to, Rpc rpc) {
        effects.add(new Effect.Send(to.id, rpc));
    }

    private void vital(Peer to, Draft draft) {
        Vital part = new Vital(to);
        draft.subscriptions.forEach(s -> {
            part.room(s.topic());
            part.subscriptions.add(s);
        });
        draft.prune.values().forEach(p -> {
            part.room(p.topic());
            part.prune.add(p);
        });
        draft.graft.forEach(topic -> {
            part.room(topic);
            part.graft.add(topic);
        });
        part.end();
    }

    /** One frame after the other of what both sides must agree on. */
    private final class Vital {
        private final Peer to;
        private final List<Subscription> subscriptions = new ArrayList<>();
        private final List<Prune> prune = new ArrayList<>();
        private final List<String> graft = new ArrayList<>();
        private int entries;
        private int bytes;

        Vital(Peer to) {
            this.to = to;
        }

        /** Makes room for one more. */
        void room(String topic) {
            int size = topic.length() * 3 + AROUND; // no character has more bytes in UTF-8 for each char of it
            if (entries >= Limits.GOSSIP_TOPICS_PER_RPC_OUT || bytes + size > Limits.GOSSIP_CONTROL_BYTES_OUT) {
                end();
            }
            entries++;
            bytes += size;
        }

        void end() {
            if (entries > 0) {
                send(to, new Rpc(subscriptions, List.of(), new Control(List.of(), List.of(), graft, prune, List.of())));
            }
            subscriptions.clear();
            prune.clear();
            graft.clear();
            entries = 0;
            bytes = 0;
        }
    }

    private void declined(Peer to, List<MessageId> ids) {
        for (int from = 0; from < ids.size(); from += Limits.GOSSIP_IDONTWANT_PER_RPC) {
            List<MessageId> some = ids.subList(from, Math.min(ids.size(), from + Limits.GOSSIP_IDONTWANT_PER_RPC));
            send(to, Rpc.of(new Control(List.of(), List.of(), List.of(), List.of(), some)));
        }
    }

    private void messages(Peer to, List<Message> messages) {
        int from = 0;
        int bytes = 0;
        for (int i = 0; i < messages.size(); i++) {
            int size = messages.get(i).encoded().length + AROUND;
            if (i > from
                    && (bytes + size > Limits.GOSSIP_RPC_BYTES_OUT || i - from >= Limits.GOSSIP_MESSAGES_PER_RPC)) {
                send(to, new Rpc(List.of(), messages.subList(from, i), Control.EMPTY));
                from = i;
                bytes = 0;
            }
            bytes += size;
        }
        if (from < messages.size()) {
            send(to, new Rpc(List.of(), messages.subList(from, messages.size()), Control.EMPTY));
        }
    }

    private void wanted(Peer to, List<MessageId> ids) {
        for (List<MessageId> some : parts(ids)) {
            send(to, Rpc.of(new Control(List.of(), some, List.of(), List.of(), List.of())));
        }
    }

    private void told(Peer to, List<Ihave> all) {
        int frames = 0;
        for (Ihave ihave : all) {
            for (List<MessageId> some : parts(ihave.ids())) {
                if (frames++ < IHAVE_FRAMES) {
                    Ihave part = new Ihave(ihave.topic(), some);
                    send(to, Rpc.of(new Control(List.of(part), List.of(), List.of(), List.of(), List.of())));
                }
            }
        }
    }

    /** The ids in parts that fit into a frame, with room for a topic. */
    private static List<List<MessageId>> parts(List<MessageId> ids) {
        List<List<MessageId>> parts = new ArrayList<>();
        int from = 0;
        int bytes = Limits.GOSSIP_TOPIC_BYTES;
        for (int i = 0; i < ids.size(); i++) {
            int size = ids.get(i).array().length + AROUND;
            if (bytes + size > Limits.GOSSIP_CONTROL_BYTES_OUT) {
                parts.add(ids.subList(from, i));
                from = i;
                bytes = Limits.GOSSIP_TOPIC_BYTES;
            }
            bytes += size;
        }
        if (from < ids.size()) {
            parts.add(ids.subList(from, ids.size()));
        }
        return parts;
    }
}
