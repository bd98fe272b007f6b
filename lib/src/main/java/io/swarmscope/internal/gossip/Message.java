package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;

/**
 * A published message as it travels. Immutable; any thread. Arrays are shared, not copied: a message passes through many hands, and none
 * of them changes it. A field that is absent is the one empty array {@link #ABSENT}: one that is empty but there is signed as such.
 */
public final class Message {

    private static final int FROM = 1;
    private static final int DATA = 2;
    private static final int SEQNO = 3;
    private static final int TOPIC = 4;
    private static final int SIGNATURE = 5;
    private static final int KEY = 6;

    private static final byte[] ABSENT = new byte[0];

    private final byte[] from;
    private final byte[] data;
    private final byte[] seqno;
    private final String topic;
    private final byte[] signature;
    private final byte[] key;

    /** Made on first use; threads may make it twice, alike. */
    private volatile byte[] encoded = ABSENT;

    Message(byte[] from, byte[] data, byte[] seqno, String topic, byte[] signature, byte[] key) {
        this.from = from;
        this.data = data;
        this.seqno = seqno;
        this.topic = topic;
        this.signature = signature;
        this.key = key;
    }

    /** The message without what is not signed. */
    static Message unsigned(byte[] from, byte[] data, byte[] seqno, String topic) {
        return new Message(from, data, seqno, topic, ABSENT, ABSENT);
    }

    Message signed(byte[] by, byte[] publicKey) {
        return new Message(from, data, seqno, topic, by, publicKey);
    }

    static Message read(ProtoReader in) throws MalformedException {
        byte[] from = ABSENT;
        byte[] data = ABSENT;
        byte[] seqno = ABSENT;
        String topic = "";
        byte[] signature = ABSENT;
        byte[] key = ABSENT;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case FROM -> from = in.bytes(Limits.GOSSIP_FROM_BYTES);
                case DATA -> data = in.bytes(Limits.GOSSIP_RPC_BYTES);
                case SEQNO -> seqno = in.bytes(Limits.GOSSIP_ID_BYTES);
                case TOPIC -> topic = in.string(Limits.GOSSIP_TOPIC_BYTES);
                case SIGNATURE -> signature = in.bytes(Limits.SIGNATURE_BYTES);
                case KEY -> key = in.bytes(Limits.PUBLIC_KEY_BYTES);
                default -> in.skip();
            }
        }
        return new Message(from, data, seqno, topic, signature, key);
    }

    /** The bytes of the message, signature and key among them if it has them. */
    public byte[] encoded() {
        byte[] made = encoded;
        if (made.length == 0) {
            made = encode(true);
            encoded = made;
        }
        return made;
    }

    /** What is signed, without the words before it. Absent ones among the signed fields are left out. */
    byte[] encodedUnsigned() {
        return encode(false);
    }

    private byte[] encode(boolean whole) {
        ProtoWriter out = new ProtoWriter();
        put(out, FROM, from);
        put(out, DATA, data);
        put(out, SEQNO, seqno);
        out.string(TOPIC, topic);
        if (whole) {
            put(out, SIGNATURE, signature);
            put(out, KEY, key);
        }
        return out.toBytes();
    }

    @SuppressWarnings("ReferenceEquality") // equal by content would be every empty field
    private static void put(ProtoWriter out, int field, byte[] value) {
        if (value != ABSENT) {
            out.bytes(field, value);
        }
    }

    /** The bytes of its author's id; not to be changed. */
    byte[] from() {
        return from;
    }

    /**
     * Its author.
     *
     * @throws MalformedException if what it names is no peer id
     */
    public PeerId author() throws MalformedException {
        try {
            return PeerId.ofBytes(from);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("the author of a message is no peer id: " + e.getMessage(), e);
        }
    }

    /** The content; not to be changed. */
    public byte[] data() {
        return data;
    }

    byte[] seqno() {
        return seqno;
    }

    /** The topic. */
    public String topic() {
        return topic;
    }

    byte[] signature() {
        return signature;
    }

    byte[] key() {
        return key;
    }

    /** Only what it is: content from strangers belongs in no log. */
    @Override
    public String toString() {
        return "message of " + data.length + " bytes on " + topic;
    }
}
