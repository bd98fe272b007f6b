package io.swarmscope.internal.gossip;

import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.wire.Bases;
import io.swarmscope.internal.wire.MalformedException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How the id of a message is made. All nodes of a network must use one function: messages travel all the same if they do not, but
 * nothing that names a message by its id, IHAVE, IWANT and IDONTWANT, works between them. Stateless, for any thread.
 */
@FunctionalInterface
public interface MessageIds {

    /** The default of go-libp2p and jvm-libp2p, and ours: the author's bytes, then those of the sequence number. */
    MessageIds GO = message -> concat(message.from(), message.seqno());

    /** The default of rust-libp2p: the author's base58 text, then the sequence number in decimal. */
    MessageIds RUST = message -> MessageId.of((Bases.base58(message.from()) + new BigInteger(1, message.seqno()))
            .getBytes(StandardCharsets.US_ASCII));

    /** The default of js-libp2p: the author's public key message, then the sequence number. */
    MessageIds JS = message -> concat(publicKey(message), message.seqno());

    /** The id of a message that has an author and a sequence number. */
    MessageId of(Message message);

    private static MessageId concat(byte[] first, byte[] second) {
        byte[] id = new byte[first.length + second.length];
        System.arraycopy(first, 0, id, 0, first.length);
        System.arraycopy(second, 0, id, first.length, second.length);
        return MessageId.of(id);
    }

    private static byte[] publicKey(Message message) {
        byte[] key = message.key();
        if (key.length > 0) {
            return key;
        }
        try {
            Optional<PublicKey> inlined = PublicKey.inlinedIn(message.author());
            return inlined.map(PublicKey::toProtobuf).orElseGet(message::from);
        } catch (MalformedException e) {
            return message.from(); // it will be refused for this
        }
    }
}
