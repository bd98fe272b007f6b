package io.swarmscope.internal.link.multistream;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Multistream-select 1.0: functions without state, run by whichever thread owns the two streams. They read byte for byte, so
 * that nothing behind the agreed protocol is consumed, and write each flight with one call.
 *
 * <p>Deadlines are those of the streams given.
 *
 * @see <a href="https://github.com/multiformats/multistream-select">the specification</a>
 */
public final class Multistream {

    private static final byte[] HEADER = frame("/multistream/1.0.0");
    private static final byte[] HEADER_BODY = body(HEADER);
    private static final byte[] NOT_AVAILABLE = frame("na");
    private static final byte[] NOT_AVAILABLE_BODY = body(NOT_AVAILABLE);

    private Multistream() {}

    /**
     * Agrees on a protocol as the side that asks. The first proposal leaves with the header, in one write.
     *
     * @param proposals at least one, in order of preference
     * @return the first one that the other side supports
     * @throws HostException of kind PROTOCOL_UNSUPPORTED if it supports none
     * @throws MalformedException if its answer is none that the specification knows
     * @throws EOFException if it ends the stream instead of answering
     */
    public static String select(InputStream in, OutputStream out, List<String> proposals) throws IOException {
        if (proposals.isEmpty()) {
            throw new IllegalArgumentException("no protocol to propose");
        }
        boolean first = true;
        for (String protocol : proposals) {
            out.write(first ? lazyProposal(protocol) : proposal(protocol));
            out.flush();
            if (first) {
                expectHeader(in);
            }
            first = false;
            if (accepted(in, protocol)) {
                return protocol;
            }
        }
        throw unsupported(proposals);
    }

    /**
     * What the asking side sends in one go with its first bytes if it knows that the other side supports the protocol: header and
     * proposal. {@link #readLazyEcho} must have returned before a byte of the answer means anything.
     *
     * @throws IllegalArgumentException if the protocol does not start with '/' or is too long
     */
    public static byte[] lazyProposal(String protocol) {
        return join(HEADER, proposal(protocol));
    }

    /**
     * Reads the answer to {@link #lazyProposal}.
     *
     * @throws HostException of kind PROTOCOL_UNSUPPORTED if the other side does not support it; the stream is to be reset
     * @throws MalformedException if its answer is none that the specification knows
     * @throws EOFException if it ends the stream instead of answering
     */
    public static void readLazyEcho(InputStream in, String protocol) throws IOException {
        expectHeader(in);
        if (!accepted(in, protocol)) {
            throw unsupported(List.of(protocol));
        }
    }

    /**
     * Agrees on a protocol as the side that is asked.
     *
     * @param supported tells whether this side answers a protocol
     * @return what both agreed on; {@code null} if the other side gave up or sent no protocol at all after a refusal, which is
     *     no violation
     * @throws MalformedException if the other side breaks the specification or proposes too often
     * @throws EOFException if it ends the stream inside a message or before the first proposal
     */
    public static @Nullable String respond(InputStream in, OutputStream out, Predicate<String> supported)
            throws IOException {
        expectHeader(in);
        // Combined with the answer if the proposal is here already, as it is with every known implementation. Otherwise the other
        // side may be waiting for it.
        boolean headerSent = in.available() == 0;
        if (headerSent) {
            write(out, HEADER);
        }
        boolean refused = false;
        for (int messages = 0; messages < Limits.MULTISTREAM_PROPOSALS; messages++) {
            byte[] message = refused ? nextProposal(in) : Frames.read(in, Limits.MULTISTREAM_FRAME);
            if (message == null) {
                return null;
            }
            if (Arrays.equals(message, HEADER_BODY)) {
                continue;
            }
            String protocol = text(message);
            boolean yes = protocol.startsWith("/") && supported.test(protocol);
            byte[] answer = yes ? Frames.prefixed(message) : NOT_AVAILABLE;
            write(out, headerSent ? answer : join(HEADER, answer));
            headerSent = true;
            if (yes) {
                return protocol;
            }
            refused = true;
        }
        throw new MalformedException("multistream: more than " + Limits.MULTISTREAM_PROPOSALS + " proposals");
    }

    /** After a refusal the other side may do what it likes: bytes it sent too early may be anything, and it may just leave. */
    private static byte @Nullable [] nextProposal(InputStream in) throws IOException {
        try {
            byte[] message = Frames.readOrEnd(in, Limits.MULTISTREAM_FRAME);
            return message == null || message.length == 0 || message[message.length - 1] != '\n' ? null : message;
        } catch (MalformedException | EOFException e) {
            return null;
        }
    }

    /** The other side may have closed or reset already and still be worth serving, or its end shows with the next read. */
    private static void write(OutputStream out, byte[] bytes) throws IOException {
        try {
            out.write(bytes);
            out.flush();
        } catch (HostException e) {
            if (e.kind() != Kind.STREAM_RESET) {
                throw e;
            }
        }
    }

    private static void expectHeader(InputStream in) throws IOException {
        byte[] message = Frames.read(in, Limits.MULTISTREAM_FRAME);
        if (!Arrays.equals(message, HEADER_BODY)) {
            throw new MalformedException("multistream: '" + printable(message) + "' instead of the header");
        }
    }

    private static boolean accepted(InputStream in, String protocol) throws IOException {
        for (int messages = 0; messages < Limits.MULTISTREAM_PROPOSALS; messages++) {
            byte[] message = Frames.read(in, Limits.MULTISTREAM_FRAME);
            if (Arrays.equals(message, NOT_AVAILABLE_BODY)) {
                return false;
            }
            if (text(message).equals(protocol)) {
                return true;
            }
            if (!Arrays.equals(message, HEADER_BODY)) {
                throw new MalformedException("multistream: '" + printable(message) + "' answers '" + protocol + "'");
            }
        }
        throw new MalformedException("multistream: nothing but headers");
    }

    private static String text(byte[] message) throws MalformedException {
        int end = message.length - 1;
        if (end < 0 || message[end] != '\n') {
            throw new MalformedException("multistream: message without newline at its end");
        }
        return new String(message, 0, end, StandardCharsets.UTF_8);
    }

    /** For messages about it; a peer chooses these bytes. */
    private static String printable(byte[] message) {
        String text = new String(message, 0, Math.min(message.length, 80), StandardCharsets.US_ASCII);
        return text.replaceAll("[^ -~]", "?");
    }

    private static byte[] proposal(String protocol) {
        byte[] proposal = frame(protocol);
        if (!protocol.startsWith("/") || protocol.indexOf('\n') >= 0 || proposal.length > Limits.PROTOCOL_ID_BYTES + 3) {
            throw new IllegalArgumentException("'" + protocol + "' is no protocol id: it must start with '/' and have at most "
                    + Limits.PROTOCOL_ID_BYTES + " bytes");
        }
        return proposal;
    }

    private static HostException unsupported(List<String> protocols) {
        return new HostException(Kind.PROTOCOL_UNSUPPORTED, "the peer supports none of " + protocols);
    }

    private static byte[] frame(String text) {
        return Frames.prefixed((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Without the length, which takes one byte in all fixed messages. */
    private static byte[] body(byte[] frame) {
        return Arrays.copyOfRange(frame, 1, frame.length);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
