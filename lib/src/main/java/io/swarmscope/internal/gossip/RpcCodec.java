package io.swarmscope.internal.gossip;

import io.swarmscope.internal.gossip.Rpc.Control;
import io.swarmscope.internal.gossip.Rpc.Ihave;
import io.swarmscope.internal.gossip.Rpc.Prune;
import io.swarmscope.internal.gossip.Rpc.Subscription;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames to bytes and back, without the length prefix of the stream. Stateless; any thread.
 *
 * <p>Reading takes no more than {@link Limits} allow; what is beyond is passed over and not refused, since other implementations send
 * longer lists than we look at, and what is lost so is told again.
 */
public final class RpcCodec {

    private static final int SUBSCRIPTIONS = 1;
    private static final int PUBLISH = 2;
    private static final int CONTROL = 3;

    private static final int SUBSCRIBE = 1;
    private static final int SUBSCRIBED_TOPIC = 2;

    private static final int IHAVE = 1;
    private static final int IWANT = 2;
    private static final int GRAFT = 3;
    private static final int PRUNE = 4;
    private static final int IDONTWANT = 5;

    private static final int TOPIC = 1;
    private static final int IHAVE_IDS = 2;
    private static final int IDS = 1;
    private static final int PRUNE_BACKOFF = 3;

    private RpcCodec() {}

    /** The bytes of a frame. */
    public static byte[] encode(Rpc rpc) {
        ProtoWriter out = new ProtoWriter();
        for (Subscription subscription : rpc.subscriptions()) {
            out.message(
                    SUBSCRIPTIONS,
                    new ProtoWriter()
                            .varint(SUBSCRIBE, subscription.joined() ? 1 : 0)
                            .string(SUBSCRIBED_TOPIC, subscription.topic()));
        }
        rpc.messages().forEach(message -> out.bytes(PUBLISH, message.encoded()));
        if (!rpc.control().isEmpty()) {
            out.message(CONTROL, control(rpc.control()));
        }
        return out.toBytes();
    }

    private static ProtoWriter control(Control control) {
        ProtoWriter out = new ProtoWriter();
        for (Ihave ihave : control.ihave()) {
            ProtoWriter inner = new ProtoWriter().string(TOPIC, ihave.topic());
            ihave.ids().forEach(id -> inner.bytes(IHAVE_IDS, id.array()));
            out.message(IHAVE, inner);
        }
        ids(out, IWANT, control.iwant());
        control.graft().forEach(topic -> out.message(GRAFT, new ProtoWriter().string(TOPIC, topic)));
        for (Prune prune : control.prune()) {
            ProtoWriter inner = new ProtoWriter().string(TOPIC, prune.topic());
            if (prune.backoffSeconds() > 0) {
                inner.varint(PRUNE_BACKOFF, prune.backoffSeconds());
            }
            out.message(PRUNE, inner);
        }
        ids(out, IDONTWANT, control.idontwant());
        return out;
    }

    private static void ids(ProtoWriter out, int field, List<MessageId> ids) {
        if (!ids.isEmpty()) {
            ProtoWriter inner = new ProtoWriter();
            ids.forEach(id -> inner.bytes(IDS, id.array()));
            out.message(field, inner);
        }
    }

    /** Reads a frame of at most {@link Limits#GOSSIP_RPC_BYTES}. */
    public static Rpc decode(byte[] frame) throws MalformedException {
        List<Subscription> subscriptions = new ArrayList<>();
        List<Message> messages = new ArrayList<>();
        ControlReader control = new ControlReader();
        int passedOver = 0;
        ProtoReader in = ProtoReader.of(frame);
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == SUBSCRIPTIONS && subscriptions.size() < Limits.GOSSIP_TOPICS_PER_PEER) {
                subscriptions.add(subscription(in.message()));
            } else if (field == PUBLISH && messages.size() < Limits.GOSSIP_MESSAGES_PER_RPC) {
                messages.add(Message.read(in.message()));
            } else if (field == CONTROL) {
                control.read(in.message());
            } else {
                in.skip();
                passedOver += field == SUBSCRIPTIONS || field == PUBLISH ? 1 : 0;
            }
        }
        return new Rpc(subscriptions, messages, control.made(), passedOver + control.passedOver);
    }

    private static Subscription subscription(ProtoReader in) throws MalformedException {
        String topic = "";
        boolean joined = false;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case SUBSCRIBE -> joined = in.varint() != 0;
                case SUBSCRIBED_TOPIC -> topic = in.string(Limits.GOSSIP_TOPIC_BYTES);
                default -> in.skip();
            }
        }
        return new Subscription(topic, joined);
    }

    /** Reads control messages until their part of the frame is used up. */
    private static final class ControlReader {
        private final List<Ihave> ihave = new ArrayList<>();
        private final List<MessageId> iwant = new ArrayList<>();
        private final List<String> graft = new ArrayList<>();
        private final List<Prune> prune = new ArrayList<>();
        private final List<MessageId> idontwant = new ArrayList<>();
        private int left = Limits.GOSSIP_CONTROL_BYTES;
        private int passedOver;

        void read(ProtoReader in) throws MalformedException {
            for (int field = in.next(); field != 0; field = in.next()) {
                left--;
                if (left <= 0) {
                    passedOver++; // and what follows it in this message
                    return;
                }
                switch (field) {
                    case IHAVE -> ihave.add(ihave(in.message()));
                    case IWANT -> ids(in.message(), iwant);
                    case GRAFT -> graft.add(topic(in.message()));
                    case PRUNE -> prune.add(prune(in.message()));
                    case IDONTWANT -> ids(in.message(), idontwant);
                    default -> in.skip();
                }
            }
        }

        private Ihave ihave(ProtoReader in) throws MalformedException {
            String topic = "";
            List<MessageId> ids = new ArrayList<>();
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case TOPIC -> topic = topicText(in);
                    case IHAVE_IDS -> id(in, ids);
                    default -> in.skip();
                }
            }
            return new Ihave(topic, ids);
        }

        private void ids(ProtoReader in, List<MessageId> to) throws MalformedException {
            for (int field = in.next(); field != 0; field = in.next()) {
                if (field == IDS) {
                    id(in, to);
                } else {
                    in.skip();
                }
            }
        }

        private void id(ProtoReader in, List<MessageId> to) throws MalformedException {
            if (left <= 0) {
                in.skip();
                passedOver++;
                return;
            }
            byte[] id = in.bytes(Limits.GOSSIP_ID_BYTES);
            // Even an empty one costs an object.
            left -= id.length + 2;
            to.add(MessageId.of(id));
        }

        private String topic(ProtoReader in) throws MalformedException {
            return prune(in).topic();
        }

        private Prune prune(ProtoReader in) throws MalformedException {
            String topic = "";
            long backoff = 0;
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case TOPIC -> topic = topicText(in);
                    case PRUNE_BACKOFF -> backoff = in.varint();
                    default -> in.skip();
                }
            }
            // Unsigned: what does not fit is longer than any time that is honoured.
            int max = (int) Limits.GOSSIP_BACKOFF_MAX.toSeconds();
            return new Prune(topic, backoff < 0 || backoff > max ? max : (int) backoff);
        }

        private String topicText(ProtoReader in) throws MalformedException {
            String topic = in.string(Limits.GOSSIP_TOPIC_BYTES);
            left -= topic.length();
            return topic;
        }

        Control made() {
            return new Control(ihave, iwant, graft, prune, idontwant);
        }
    }
}
