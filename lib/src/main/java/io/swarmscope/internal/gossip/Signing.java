package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.wire.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Signs messages, with the key always attached because jvm-libp2p wants it, and verifies them (StrictSign). Thread-safe; never run on the
 * swarm thread.
 */
public final class Signing {

    private static final byte[] DOMAIN = "libp2p-pubsub:".getBytes(StandardCharsets.US_ASCII);
    private static final int SEQNO_BYTES = Long.BYTES;

    private final Identity identity;
    private final byte[] from;
    private final byte[] key;
    private final LongSupplier unixNanos;
    private final AtomicLong last = new AtomicLong();

    /**
     * Signs as this author.
     *
     * @param unixNanos the wall clock; sequence numbers begin there, so that they rise over restarts too
     */
    public Signing(Identity identity, LongSupplier unixNanos) {
        this.identity = identity;
        this.from = identity.peerId().toBytes();
        this.key = identity.publicKey().toProtobuf();
        this.unixNanos = unixNanos;
    }

    /** A signed message with the next sequence number. */
    public Message sign(String topic, byte[] data) {
        long now = unixNanos.getAsLong();
        return sign(topic, data, last.updateAndGet(before -> Math.max(before + 1, now)));
    }

    Message sign(String topic, byte[] data, long seqno) {
        byte[] bytes = ByteBuffer.allocate(SEQNO_BYTES).putLong(seqno).array();
        Message message = Message.unsigned(from, data, bytes, topic);
        return message.signed(identity.sign(toSign(message)), key);
    }

    private static byte[] toSign(Message message) {
        byte[] body = message.encodedUnsigned();
        return ByteBuffer.allocate(DOMAIN.length + body.length).put(DOMAIN).put(body).array();
    }

    /** Refuses a message that lacks a field that a signed one has, before its id is computed. */
    static void requireComplete(Message message) throws MalformedException {
        if (message.from().length == 0 || message.signature().length == 0 || message.topic().isEmpty()) {
            throw new MalformedException("a message without author, signature or topic");
        }
        if (message.seqno().length != SEQNO_BYTES) {
            throw new MalformedException("a message with a sequence number of " + message.seqno().length + " bytes");
        }
    }

    /**
     * Verifies that a message is signed by its author.
     *
     * @return the author
     * @throws MalformedException if it is not
     */
    public static PeerId verify(Message message) throws MalformedException {
        requireComplete(message);
        PeerId author = message.author();
        PublicKey key = message.key().length > 0
                ? PublicKey.ofProtobuf(message.key())
                : PublicKey.inlinedIn(author)
                        .orElseThrow(() -> new MalformedException("a message without the key of its author"));
        if (!key.peerId().equals(author)) {
            throw new MalformedException("a message with the key of another than its author");
        }
        if (!key.verify(toSign(message), message.signature())) {
            throw new MalformedException("a message with a wrong signature");
        }
        return author;
    }
}
