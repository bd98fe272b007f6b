package io.swarmscope.internal.link;

import io.swarmscope.internal.wire.Limits;
import java.time.Duration;

/**
 * How long a host waits for peers. Immutable.
 *
 * @param noise for the Noise handshake, negotiation of it included; what a peer that sends a byte a second is cut by
 * @param handshake for everything from the TCP connection to streams; dials end at their own timeout if that is shorter
 * @param negotiation for agreeing on the protocol of a stream, and for a place where a limit is reached
 * @param inboundStream for all reads and writes of an inbound stream, until its handler sets another
 * @param identify for the whole identify answer, or for one push
 * @param pushDelay how long changes of ours are collected before peers are told
 * @param goodbye how long a closing connection, and a closing host, waits for its threads
 */
public record LinkTimeouts(
        Duration noise,
        Duration handshake,
        Duration negotiation,
        Duration inboundStream,
        Duration identify,
        Duration pushDelay,
        Duration goodbye) {

    /** Times that suit peers on other continents and of other implementations. */
    public static final LinkTimeouts DEFAULT = new LinkTimeouts(
            Limits.NOISE_HANDSHAKE,
            Limits.UPGRADE,
            Limits.STREAM_NEGOTIATION,
            Limits.INBOUND_STREAM,
            Limits.IDENTIFY,
            Limits.IDENTIFY_PUSH_DELAY,
            Limits.GOODBYE);

    /** Checks that every time is positive. */
    public LinkTimeouts {
        positive("noise", noise);
        positive("handshake", handshake);
        positive("negotiation", negotiation);
        positive("inboundStream", inboundStream);
        positive("identify", identify);
        positive("pushDelay", pushDelay);
        positive("goodbye", goodbye);
    }

    private static void positive(String name, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("timeout " + name + " must be positive, is " + time);
        }
    }

    /** These times with others for securing a connection. */
    public LinkTimeouts withHandshake(Duration newNoise, Duration whole) {
        return new LinkTimeouts(newNoise, whole, negotiation, inboundStream, identify, pushDelay, goodbye);
    }

    /** These times with others for streams that peers open. */
    public LinkTimeouts withStreams(Duration newNegotiation, Duration newInboundStream) {
        return new LinkTimeouts(noise, handshake, newNegotiation, newInboundStream, identify, pushDelay, goodbye);
    }

    /** These times with others for identify. */
    public LinkTimeouts withIdentify(Duration newIdentify, Duration newPushDelay) {
        return new LinkTimeouts(noise, handshake, negotiation, inboundStream, newIdentify, newPushDelay, goodbye);
    }
}
