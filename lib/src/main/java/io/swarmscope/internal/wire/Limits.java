package io.swarmscope.internal.wire;

import java.time.Duration;

/**
 * Every limit on what a peer may make this node keep, read or wait for, each with its reason. Constants, for any thread.
 *
 * <p>The numbers follow what the deployed libp2p implementations do: below what they send we would refuse honest peers,
 * far above it we would only serve attackers.
 */
public final class Limits {
    private Limits() {}

    // ---- Names and addresses

    /** Bytes of one multiaddr from outside. Real ones have 8 to 150; relayed ones with two peer ids have about 100. */
    public static final int MULTIADDR_BYTES = 1024;

    // ---- Keys and signatures

    /** Bytes of a public key message: RSA with 8192 bits has 1068, everything else fewer than 100. */
    public static final int PUBLIC_KEY_BYTES = 1200;

    /** Bytes of a signature: RSA with 8192 bits has 1024, everything else at most 72. */
    public static final int SIGNATURE_BYTES = 1024;

    /** Bytes of a signed envelope. The records in it are peer records, which identify bounds to 8 KiB. */
    public static final int ENVELOPE_BYTES = 16 * 1024;

    /** Bytes of an identity file. An Ed25519 key has 68; more than this is not one of ours. */
    public static final int IDENTITY_FILE_BYTES = 1024;

    // ---- Noise

    /** Bytes of a handshake message. With an RSA identity of 8192 bits it has about 2.2 KiB, with Ed25519 200 bytes. */
    public static final int NOISE_HANDSHAKE_BYTES = 4096;

    /** Entries read from the peer's list of muxers; go reads as many. */
    public static final int NOISE_MUXERS = 100;

    /** Bytes of one name in the peer's list of muxers, the same as for any protocol id we emit. */
    public static final int NOISE_MUXER_BYTES = 140;

    /** Empty frames in a row. Nobody needs any; each costs a decryption and moves nothing. */
    public static final int NOISE_EMPTY_FRAMES = 64;

    /** Peers whose signed static key is remembered, so that meeting again costs no signature check. 100 bytes each. */
    public static final int NOISE_REMEMBERED_PEERS = 1024;

    // ---- Links: connections

    /** Connections that peers dialed. A node has some dozen neighbours; the rest is room for clients and searches. */
    public static final int CONNECTIONS_INBOUND = 512;

    /** Connections that we dialed, attempts included. */
    public static final int CONNECTIONS_OUTBOUND = 256;

    /** Inbound connections being secured at once, each worth some milliseconds of CPU time once its bytes are here. */
    public static final int CONNECTIONS_PENDING_INBOUND = 64;

    /** Inbound connections from one ip4 address or ip6 /64; a company behind one address still gets in. */
    public static final int CONNECTIONS_PER_IP = 16;

    /** New inbound connections per second from the same. A handshake costs us as much as the attacker. */
    public static final int CONNECTIONS_NEW_PER_SECOND_PER_IP = 10;

    /** Connections with one peer: two, because both sides may dial at the same moment. */
    public static final int CONNECTIONS_PER_PEER = 2;

    /** Connections that wait in the system to be accepted. */
    public static final int ACCEPT_BACKLOG = 512;

    /** Socket addresses tried for one name. */
    public static final int DIAL_ADDRESSES = 8;

    /** Names looked up at once, each on a platform thread because the system's resolver may block for long. */
    public static final int DNS_LOOKUPS = 4;

    /** Names that wait to be looked up. */
    public static final int DNS_WAITING = 256;

    /** Peers whose protocols are remembered after they went, so that meeting again costs a round trip less. 1 KB each. */
    public static final int PROTOCOLS_REMEMBERED_PEERS = 1024;

    /** For the Noise handshake with the negotiation before it; what a peer that sends a byte a second is cut by. */
    public static final Duration NOISE_HANDSHAKE = Duration.ofSeconds(5);

    /** From the TCP connection to streams; the others allow 10 to 15 s. */
    public static final Duration UPGRADE = Duration.ofSeconds(10);

    /** For a closing connection to say goodbye, and for a closing host to end its threads. */
    public static final Duration GOODBYE = Duration.ofSeconds(2);

    // ---- Links: streams

    /** Inbound streams of one connection that have not agreed on a protocol; rust and go have the same number. */
    public static final int STREAMS_NEGOTIATING = 128;

    /** Inbound streams one peer may have open for one protocol; js has the same number. */
    public static final int STREAMS_PER_PROTOCOL = 32;

    /** The same for protocols of which a peer needs one at a time; two, because the next may come before the last is gone. */
    public static final int STREAMS_PER_SMALL_PROTOCOL = 2;

    /** Bytes of a protocol id that we emit or keep. */
    public static final int PROTOCOL_ID_BYTES = 140;

    /** For agreeing on the protocol of a stream; everybody uses 10 s. */
    public static final Duration STREAM_NEGOTIATION = Duration.ofSeconds(10);

    /** For all reads and writes of an inbound stream whose handler does not set a time of its own. */
    public static final Duration INBOUND_STREAM = Duration.ofSeconds(60);

    // ---- Identify, ping, perf

    /** Bytes of an identify message we send; rust refuses more, and reads only one. */
    public static final int IDENTIFY_BYTES_OUT = 4096;

    /** Addresses of ours in it. */
    public static final int IDENTIFY_ADDRESSES_OUT = 20;

    /** Room kept in it for the address as which we see the peer: with ip6 and a port it has 20 bytes, and 2 around. */
    public static final int OBSERVED_ADDRESS_BYTES = 32;

    /** Bytes of one identify message we read; go and js send and read as much. */
    public static final int IDENTIFY_BYTES = 8 * 1024;

    /** Messages in one identify answer; go and js read 9 and 10. */
    public static final int IDENTIFY_MESSAGES = 10;

    /** Bytes of all of them together. */
    public static final int IDENTIFY_BYTES_TOTAL = 64 * 1024;

    /** Addresses kept from one identify answer; the rest is ignored. */
    public static final int IDENTIFY_ADDRESSES = 64;

    /** Protocols kept from one identify answer; the rest is ignored. Nodes answer one or two dozen. */
    public static final int IDENTIFY_PROTOCOLS = 256;

    /** Characters kept of a peer's agent and protocol version, as go does. */
    public static final int AGENT_VERSION_CHARS = 128;

    /** Characters of our own agent version; some peers cut longer ones. */
    public static final int AGENT_VERSION_CHARS_OUT = 64;

    /** For one identify answer, or one push. */
    public static final Duration IDENTIFY = Duration.ofSeconds(5);

    /** Changes of ours are collected that long before peers are told; js aborts on a second push at the same time. */
    public static final Duration IDENTIFY_PUSH_DELAY = Duration.ofSeconds(1);

    /** Pushes accepted from one peer lie at least that far apart. */
    public static final Duration IDENTIFY_PUSH_EVERY = Duration.ofSeconds(1);

    /** How often the addresses of the network interfaces are looked at again. */
    public static final Duration INTERFACES_EVERY = Duration.ofSeconds(60);

    /** Bytes of one ping, fixed by the protocol. */
    public static final int PING_BYTES = 32;

    /** Silence after which a ping stream is given up; rust reuses one stream and pings every 15 s. */
    public static final Duration PING_IDLE = Duration.ofSeconds(60);

    /** Bytes of one read or write of a perf run. */
    public static final int PERF_BLOCK_BYTES = 64 * 1024;

    /** Bytes a peer may send or ask for in one perf run, where perf is answered at all. */
    public static final long PERF_BYTES = 1L << 30;

    /** For one perf run that a peer asked for. */
    public static final Duration PERF_SERVE = Duration.ofMinutes(10);
}
