package io.swarmscope.internal.kad;

import io.swarmscope.internal.wire.MalformedException;

/**
 * Messages to protobuf bytes and back, without the length prefix of the stream. Stateless; any thread.
 *
 * <p>Reading is bounded: callers read at most {@link #REQUEST_BYTES_MAX} or {@link #ANSWER_BYTES_MAX}, of an answer 40 peers with 16
 * addresses each are used, addresses that cannot be parsed are skipped. Writing keeps answers within 16,000 bytes by leaving out
 * addresses, then peers, because rust-libp2p drops larger ones; only a record may exceed that.
 *
 * <p>Source: the libp2p Kademlia DHT specification.
 */
public final class MessageCodec {

    /** Bytes of the longest request to read: a record of 64 KiB and as much again for what other implementations add. */
    public static final int REQUEST_BYTES_MAX = 128 << 10;

    /** Bytes of the longest answer to read: go-libp2p sends 20 peers with up to 8 KiB of addresses each. */
    public static final int ANSWER_BYTES_MAX = 256 << 10;

    private MessageCodec() {}

    /** The bytes of a request or an answer. */
    public static byte[] encode(Message message) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Reads a request. */
    public static Request decodeRequest(byte[] bytes) throws MalformedException {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Reads an answer. Whether it answers what was asked, {@link Kademlia#onAnswer} sees. */
    public static Answer decodeAnswer(byte[] bytes) throws MalformedException {
        throw new UnsupportedOperationException("not written yet");
    }
}
