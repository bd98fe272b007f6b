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

    // ---- Frames

    /** Bytes of a frame that are read whatever others do: a record of ours. */
    public static final int FRAME_BYTES_FREE = 8 * 1024;

    /** What all frames that are not complete may have beyond that, as a part of the heap: a peer could leave 32 of 128 KiB open in the DHT alone. */
    public static final int FRAMES_PART_OF_HEAP = 8;

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

    // ---- Multistream

    /** Bytes of one multistream message with its newline; go, js and jvm read as much. */
    public static final int MULTISTREAM_FRAME = 1024;

    /** Messages in one negotiation. Peers propose a handful of protocols; each costs us a lookup and an answer. */
    public static final int MULTISTREAM_PROPOSALS = 32;

    // ---- Yamux

    /** Streams a peer may have open on one connection, and we on ours; rust closes connections with more than 512 in both directions. */
    public static final int YAMUX_STREAMS = 256;

    /** Streams we open before the peer acknowledged them; go resets and jvm swallows what comes beyond. */
    public static final int YAMUX_UNACKNOWLEDGED = 256;

    /** Streams we open before the peer has answered on any: js ends a connection that has more than 10 before it is ready for them. */
    public static final int STREAMS_UNANSWERED = 8;

    /** For the acknowledgement of a stream: jvm drops excess openings without a word. */
    public static final Duration YAMUX_OPEN = Duration.ofSeconds(10);

    /** Bytes of one frame, as many as the largest window: js sends all that it has credit for in one. We send far less. */
    public static final int YAMUX_FRAME = 16 << 20;

    /** Bytes a receive window starts with, fixed by the protocol. */
    public static final int YAMUX_WINDOW = 256 << 10;

    /** Bytes it may grow to, as in go and js: 1 Gbit/s over a round trip of 130 ms. */
    public static final int YAMUX_WINDOW_MAX = 16 << 20;

    /** Bytes that all streams of a connection keep for slow readers, and up to which their windows grow, as in go. */
    public static final int YAMUX_BUFFERED = 32 << 20;

    /** Bytes of them that every connection may keep, whatever the others do: a request and its answer. */
    public static final int YAMUX_BUFFERED_OWN = 64 << 10;

    /** What all connections together may keep beyond that, as a part of the heap: sixteen of {@link #YAMUX_BUFFERED} are half a GiB. */
    public static final int YAMUX_BUFFERED_PART_OF_HEAP = 8;

    /** Bytes that wait to be written on one connection, besides as many that are being written; 10 ms at 100 Mbit/s. */
    public static final int YAMUX_QUEUED = 128 << 10;

    /** Frames without a body that wait to be written. More is a peer that makes us answer and does not read. */
    public static final int YAMUX_CONTROL_FRAMES = 2048;

    /** Pongs among them; go drops the connection at the same number. */
    public static final int YAMUX_PONGS = 32;

    /** How often the round trip is measured, as go and js do. */
    public static final Duration YAMUX_PING_EVERY = Duration.ofSeconds(30);

    /** Silence after a ping that ends the connection, as in go. */
    public static final Duration YAMUX_PING = Duration.ofSeconds(10);

    /** For one write to the socket: a peer that takes nothing for so long is gone. */
    public static final Duration YAMUX_WRITE = Duration.ofSeconds(15);

    /** How long a stream that was closed here waits for the peer to close its side. */
    public static final Duration YAMUX_LINGER = Duration.ofSeconds(10);

    /** How long streams go on after the peer said that it takes no new ones. */
    public static final Duration YAMUX_DRAIN = Duration.ofSeconds(5);

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

    /** Bytes of one address kept. Real ones have at most 150, and they stay in memory for as long as the connection lives. */
    public static final int IDENTIFY_ADDRESS_BYTES = 256;

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

    // ---- Swarm

    /** Commands and requests of peers that wait for the swarm thread; it takes some 100,000 a second. */
    public static final int MAILBOX = 65_536;

    /** Inputs taken before the swarm thread looks at the clock again. */
    public static final int INPUTS_PER_TURN = 256;

    /** For a question to the swarm that needs nobody else. More means that this machine is hopelessly overloaded. */
    public static final Duration SWARM_ANSWER = Duration.ofSeconds(5);

    /** Peers being dialed at once. */
    public static final int DIALS = 64;

    /** Peers that wait to be dialed; lookups name some hundred at most. */
    public static final int DIALS_QUEUED = 1024;

    /** For one address: long enough for two lost packets on the way around the world. */
    public static final Duration DIAL_ADDRESS_TIMEOUT = Duration.ofSeconds(5);

    /** For all addresses of one peer. */
    public static final Duration DIAL_TIMEOUT = Duration.ofSeconds(15);

    /** How much later each further address is tried while the one before has not failed; RFC 8305 says 250 ms. */
    public static final Duration DIAL_STAGGER = Duration.ofMillis(250);

    /** How long a peer rests after a failed dial; doubles with each failure in a row. Callers who insist dial all the same. */
    public static final Duration REDIAL_BACKOFF = Duration.ofSeconds(2);

    /** The longest such rest. */
    public static final Duration REDIAL_BACKOFF_MAX = Duration.ofMinutes(10);

    /** Peers whose rest is remembered. */
    public static final int RESTING_PEERS = 4096;

    /** How long a node that is alone waits before it dials its bootstrap addresses again; doubles each time. */
    public static final Duration REJOIN_BACKOFF = Duration.ofMillis(500);

    /** Peers of before that it dials beside the bootstrap addresses. */
    public static final int REJOIN_PEERS = 8;

    /** How long a restarted node waits for the peers it knew before it dials the bootstrap addresses too. A round trip around the world. */
    public static final Duration JOIN_KNOWN_FIRST = Duration.ofMillis(300);

    /** The longest such wait. */
    public static final Duration REJOIN_BACKOFF_MAX = Duration.ofMinutes(1);

    /**
     * How often a node that is in its network dials somebody it has lost, more or less by half. Two dials every two minutes are nothing, and bring the halves of a
     * network together again that were apart for so long that each forgot the other.
     */
    public static final Duration REUNITE_EVERY = Duration.ofMinutes(2);

    /** Of so many peers that were of use last, and are not connected, one is dialed then. */
    public static final int REUNITE_AMONG = 64;

    /** For the lookup of the own neighbourhood when joining. */
    public static final Duration JOIN_LOOKUP = Duration.ofSeconds(15);

    /** How often duplicates and surplus connections are looked for. */
    public static final Duration MAINTENANCE_INTERVAL = Duration.ofSeconds(1);

    /**
     * Connections above which idle ones are closed, until {@link #CONNECTIONS_LOW_WATER} are left, as go-libp2p does; the host refuses at 512 + 256. Of all
     * of them more than half are told of each message: twice as many cost a network twice as much for each publication.
     */
    public static final int CONNECTIONS_HIGH_WATER = 192;

    /** How long a connection is spared for being new: until it is known what it is of use for. */
    public static final Duration CONNECTION_GRACE = Duration.ofSeconds(10);

    /** Connections that are left when idle ones are closed; more if those in use, to peers of the routing table or to neighbours in gossip, are more. */
    public static final int CONNECTIONS_LOW_WATER = 160;

    /** Records that wait to be indexed, 8 KiB each at most. */
    public static final int INDEX_QUEUE = 4096;

    /** Silence after which a stream of the DHT is given up, as go-libp2p does. */
    public static final Duration KAD_STREAM_IDLE = Duration.ofSeconds(60);

    /** For reading and answering one request of the DHT, from its first byte on: who sends a byte a second keeps no memory for longer. */
    public static final Duration KAD_REQUEST = Duration.ofSeconds(10);

    // ---- Records

    /** Bytes of a record, signature included. Every implementation's DHT messages carry that much; rust-libp2p's end at 16 KiB. */
    public static final int RECORD_BYTES = 8 * 1024;

    /** Levels of JSON in a record: the record, and a list or an object in it. One more for fields of later versions. */
    public static final int RECORD_JSON_DEPTH = 4;

    /** Tokens of JSON in a record. A full one has about 250; small tokens are what makes 8 KiB expensive to read. */
    public static final int RECORD_JSON_TOKENS = 1_000;

    /** Versions listed in a record, newest first. More would crowd out the description. */
    public static final int RECORD_VERSIONS = 128;

    /** Entries read of a record's categories, and of its tags; the manifest allows fewer and says so. */
    public static final int RECORD_WORDS = 32;

    /** Milliseconds by which clocks of honest nodes may differ. */
    public static final long RECORD_CLOCK_SKEW_MILLIS = 10 * 60_000L;

    /** Milliseconds a record may live: the most that the configuration allows, 30 days. */
    public static final long RECORD_LIFETIME_MILLIS = 30L * 24 * 60 * 60_000;

    /** Bytes of records whose verification is remembered; a record that comes by three ways is verified once. */
    public static final int RECORD_VERIFIED_BYTES = 8 * 1024 * 1024;

    /** Bytes that a record with a wrong signature counts for among them; only its hash and the reason are kept. */
    public static final int RECORD_FORGED_WEIGHT = 256;

    /** Namespaces whose key is remembered, about 150 bytes each. Those of expired records go first, then new ones are not learned. */
    public static final int RECORD_NAMESPACES = 200_000;

    /** Of those, how many one key may own. A publisher has a few; somebody who squats on names wants all. */
    public static final int RECORD_NAMESPACES_PER_KEY = 1_000;

    /**
     * Records of one key in one namespace that may come unasked at once: a repository of ten thousand packages, each told by gossip and
     * stored under two keys.
     */
    public static final int RECORD_NEWS_AT_ONCE = 30_000;

    /** And per second from then on: 50 packages, at a hundredth of a core. */
    public static final int RECORD_NEWS_PER_SECOND = 150;

    /** Keys and namespaces for which that is counted; who is forgotten begins anew, which takes as many verified records. 300 bytes each. */
    public static final int RECORD_QUOTAS = 16_384;

    /** The part of all packages held that one key may have, one in so many, so that nobody crowds out the others. */
    public static final int RECORDS_PART_OF_A_KEY = 4;

    /** And so many in any case. */
    public static final int RECORDS_OF_A_KEY = 1_000;

    /** Tombstones of others that are remembered, whatever has come back since. 600 bytes each. One key may have {@link #RECORDS_PART_OF_A_KEY}. */
    public static final int RECORD_WITHDRAWALS = 100_000;

    /** Tombstones of versions remembered of one package; who withdraws more had better withdraw the package. */
    public static final int RECORD_WITHDRAWN_VERSIONS = 256;

    /** Pairs of records kept as evidence, 16 KiB each on disk at most and 100 bytes in memory. */
    public static final int RECORD_EVIDENCE = 10_000;

    /** Of those, about one package: the first few say all there is to say of its publisher. */
    public static final int RECORD_EVIDENCE_PER_PACKAGE = 4;

    // ---- Search

    /** Bytes of a search request. The longest query, 256 characters, 32 words of 64 and 16 of 200, has less than 17 KiB in UTF-8. */
    public static final int SEARCH_REQUEST_BYTES = 17 * 1024;

    /** Bytes of a search answer: {@link #SEARCH_HITS} records of {@link #RECORD_BYTES} and what is around them. */
    public static final int SEARCH_ANSWER_BYTES = 1024 * 1024;

    /** Categories, tags, and licences in a search request; a query has as many at most of each. */
    public static final int SEARCH_WORDS = 16;

    /** Words of a query that are looked for; the text has room for 128, and each costs a search of its own. */
    public static final int SEARCH_TERMS = 32;

    /** Records in a search answer. */
    public static final int SEARCH_HITS = 100;

    /** Searches under way to one peer; the rest wait here. Fewer than the streams it takes, since it may count one for longer than we do. */
    public static final int SEARCHES_PER_PEER = 24;

    /** Milliseconds in which a peer must have sent its request and taken the answer. */
    public static final long SEARCH_SERVING_MILLIS = 10_000;

    /** What all answers that wait for their askers may have, as a part of the heap: a peer could leave one on each of its streams. */
    public static final int SEARCH_LEAVING_PART_OF_HEAP = 16;

    /** So many peers at least share that. */
    public static final int SEARCH_LEAVING_PARTS = 8;

    /** Microseconds of work that a peer may ask of this node at once. */
    public static final long SEARCH_BURST_MICROS = 5_000_000;

    /** Microseconds of work per second that a peer may ask of this node: half a core, thousands of small searches. */
    public static final long SEARCH_MICROS_PER_SECOND = 500_000;

    /** Records found by their key in the network that are remembered for a while: 16 MiB at most. */
    public static final int FOUND_RECORDS = 2_048;

    /** Of them, versions of one package; nobody looks for more within minutes. */
    public static final int FOUND_OF_A_PACKAGE = 32;

    /** Peers whose use of the search protocol is accounted for at one time; more than there can be connections. */
    public static final int SEARCH_ACCOUNTS = 4_096;

    // ---- Sync

    /** Bytes of a key: a namespace and a name of 128 characters each, a version of 64, all ASCII, and what is between them. */
    public static final int SYNC_KEY_BYTES = 128 + 1 + 128 + 1 + 64;

    /** Bytes of a message of the sync protocol. What fits into it is sent, the rest is asked for again. */
    public static final int SYNC_FRAME_BYTES = 1024 * 1024;

    /** Bytes of a message that is being filled after which no more is added: one full list or {@link #SYNC_READ_AT_ONCE} records fit on top. */
    public static final int SYNC_FRAME_FULL = 640 * 1024;

    /** Ranges compared by one request. Each may be answered by 16 others, and 128 keep a depth-first walk of 10^6 items in few round trips. */
    public static final int SYNC_RANGES = 128;

    /** Parts that a range that differs is split into. More save a round trip at a million items and cost bytes at any number. */
    public static final int SYNC_PARTS = 16;

    /** Items that are listed instead of split further: 48 are 1.7 KB, which is less than a round trip is worth. */
    public static final int SYNC_LIST_SHORT = 48;

    /** Items in one list, where most of them differ by count: a third of a frame with the longest keys. */
    public static final int SYNC_LIST = 1024;

    /** Splits of splits that are followed: a walk of 10^9 items has 8. */
    public static final int SYNC_DEPTH = 16;

    /** Ranges to be compared that wait, about 100 bytes each. Honest peers cause {@link #SYNC_RANGES} * 16 for each of 5 levels. */
    public static final int SYNC_RANGES_WAITING = 32_768;

    /** Keys that one request fetches, and records in one message: of the smallest, 600 bytes, no more fit. */
    public static final int SYNC_RECORDS = 1024;

    /** Records read from the store at once to fill a message: 270 KB at most. */
    public static final int SYNC_READ_AT_ONCE = 32;

    /** Keys of ours that wait to be offered, beyond which a list is looked at again later. */
    public static final int SYNC_OFFERS_WAITING = 4096;

    /** Round trips of one session. At 640 records of 1 KiB each more than an empty node can take in {@link #SYNC_SESSION}. */
    public static final int SYNC_ROUNDS = 4096;

    /** Records that a session may yield that are of no use, beside as many as were: what races with gossip is some few. */
    public static final int SYNC_USELESS = 32;

    /** For one session, at both ends. Who needs more goes on in another, after others had their turn. */
    public static final Duration SYNC_SESSION = Duration.ofSeconds(60);

    /** Silence after which the one who answers ends a session. Checking the signatures of a full frame takes 0.2 s, on a phone 2 s. */
    public static final Duration SYNC_IDLE = Duration.ofSeconds(15);

    /** Sessions answered at once, one for each peer: each holds up to two frames in memory. */
    public static final int SYNC_SESSIONS = 8;

    /** Microseconds of work that a peer may ask of this node at once: sending it 10^5 records, or checking 50,000 of its own. */
    public static final long SYNC_BURST_MICROS = 10_000_000;

    /** Microseconds of work per second that a peer may ask of this node: a quarter of a core. */
    public static final long SYNC_MICROS_PER_SECOND = 250_000;

    /** Peers whose use of the sync protocol is accounted for, and whose last sessions are remembered. */
    public static final int SYNC_PEERS = 4096;

    // ---- Reputation

    /** Peers whose behaviour is remembered, about 500 bytes each. */
    public static final int REPUTATION_PEERS = 8_192;

    // ---- Telemetry

    /** Spans of the swarm thread that wait to be made elsewhere; more than that, and somebody's exporter is stuck. */
    public static final int TELEMETRY_LATER = 64;

    // ---- Publishing

    /** Records of this node whose next turn in the DHT is remembered; 300 bytes each. The record itself is in the store. */
    public static final int OUTBOX_RECORDS = 1_000_000;

    // ---- Kademlia

    /** Bytes of a Kademlia request we read: a record of 64 KiB and as much again for what other implementations add. */
    public static final int KAD_REQUEST_BYTES = 128 * 1024;

    /** Bytes of a Kademlia answer we read: go-libp2p sends 20 peers with up to 8 KiB of addresses each. */
    public static final int KAD_ANSWER_BYTES = 256 * 1024;

    /** Bytes of an answer we send, unless a record in it is larger: rust-libp2p drops answers above 16,384. */
    public static final int KAD_ANSWER_BYTES_OUT = 16_000;

    /** Peers used of one answer. The specification sends 20; twice that is somebody filling our memory. */
    public static final int KAD_PEERS_PER_ANSWER = 40;

    /** Addresses used of one peer in an answer. */
    public static final int KAD_ADDRESSES_PER_PEER = 16;

    /** Addresses of one peer in an answer we send; of more, nobody tries the rest. */
    public static final int KAD_ADDRESSES_PER_PEER_OUT = 8;

    /** Bytes of a raw key. The longest in use is a namespace with a package id; content keys are multihashes. */
    public static final int KAD_KEY_BYTES = 1024;

    /** Bytes of a content key in provider messages; go accepts no more. */
    public static final int KAD_CONTENT_KEY_BYTES = 80;

    /** Bytes of the time in a record; RFC 3339 with nanoseconds and an offset has 35. */
    public static final int KAD_TIME_BYTES = 64;

    /** Peers a lookup remembers but has not asked, for each of the k it looks for: reserves where most of the near ones are dead. */
    public static final int KAD_UNASKED_PER_K = 6;

    /** Providers kept of one lookup: k answers of as many providers as a key may have, and nobody contacts more. */
    public static final int KAD_PROVIDERS_FOUND = 400;

    /** Operations under way in one node, each about 10 KB. */
    public static final int KAD_OPERATIONS = 16_384;

    /** Peers whose rate of writes is remembered, 100 bytes each. One that is forgotten starts with a full allowance. */
    public static final int KAD_WRITERS_REMEMBERED = 4096;

    /** Keys looked at for expiry in one turn, so that a full store never holds up the swarm thread. */
    public static final int KAD_KEYS_SWEPT = 1000;

    /** How often that is done: a full provider store is gone through in about 15 min. */
    public static final Duration KAD_SWEEP_EVERY = Duration.ofSeconds(10);

    // ---- Gossip

    /** Bytes of a gossip frame we read; go and jvm have the same number. */
    public static final int GOSSIP_RPC_BYTES = 1 << 20;

    /** Bytes of a gossip frame we send, unless one message has more: rust-libp2p ends the stream at 64 KiB. */
    public static final int GOSSIP_RPC_BYTES_OUT = 48 << 10;

    /** Messages looked at in one frame, as in rust. */
    public static final int GOSSIP_MESSAGES_PER_RPC = 500;

    /** Bytes of control messages looked at in one frame. */
    public static final int GOSSIP_CONTROL_BYTES = 64 << 10;

    /** Bytes of control messages we put into one frame: rust takes 16 KiB. */
    public static final int GOSSIP_CONTROL_BYTES_OUT = 12 << 10;

    /** Topics of one peer; a node of ours has a handful. */
    public static final int GOSSIP_TOPICS_PER_PEER = 256;

    /** Topics named in one frame we send: rust refuses more than 100. */
    public static final int GOSSIP_TOPICS_PER_RPC_OUT = 90;

    /** Bytes of a topic. */
    public static final int GOSSIP_TOPIC_BYTES = 256;

    /** Bytes of a peer id in a message; the longest has 44. */
    public static final int GOSSIP_FROM_BYTES = 64;

    /** Bytes of a message id; rust's default, the longest, has about 72. */
    public static final int GOSSIP_ID_BYTES = 128;

    /** Ids in one IDONTWANT: go passes over the rest without a word. */
    public static final int GOSSIP_IDONTWANT_PER_RPC = 10;

    /** Ids taken of the IDONTWANTs of one peer until the next heartbeat, and kept of it: 100 bytes each. */
    public static final int GOSSIP_IDONTWANT_KEPT = 1000;

    /** Frames with IHAVE taken of one peer until the next heartbeat, as everywhere. */
    public static final int GOSSIP_IHAVE_FRAMES = 10;

    /** Ids asked of one peer until the next heartbeat, and ids told to one peer about one topic, as everywhere. */
    public static final int GOSSIP_IHAVE_IDS = 5000;

    /** Ids asked of all peers until the next heartbeat, 100 bytes each. */
    public static final int GOSSIP_ASKED = 50_000;

    /** How often one message is sent to one peer that asks for it, as everywhere. */
    public static final int GOSSIP_IWANT_REPEATS = 3;

    /** The longest rest that a PRUNE can ask for. Two advisories of rust-libp2p are about longer ones. */
    public static final Duration GOSSIP_BACKOFF_MAX = Duration.ofHours(1);

    /** Rests that are remembered, 100 bytes each. */
    public static final int GOSSIP_BACKOFFS = 8192;

    /** Ids of messages that are remembered so as to take each once: 40 s at 3,000 a second, about 300 bytes each. */
    public static final int GOSSIP_SEEN = 131_072;

    /** Bytes of messages kept for those who ask. */
    public static final int GOSSIP_CACHE_BYTES = 16 << 20;

    /** Own messages that wait for the first who wants them. */
    public static final int GOSSIP_OUTBOX = 4096;

    /** Of those, how many are sent at once. Fewer than a peer's queue holds. */
    public static final int GOSSIP_OUTBOX_AT_ONCE = 100;

    /** How long after that the next of them are. */
    public static final Duration GOSSIP_OUTBOX_EVERY = Duration.ofMillis(50);

    /** Frames that wait to be written to one peer. */
    public static final int GOSSIP_QUEUE = 256;

    /** Their bytes. */
    public static final int GOSSIP_QUEUE_BYTES = 4 << 20;

    /** Peers that went with a bad score, which is kept for when they return. 300 bytes each. */
    public static final int GOSSIP_SCORES_RETAINED = 4096;

    /** For reading from one stream: as long as the connection lasts, since there may be nothing to say for days. */
    public static final Duration GOSSIP_STREAM = Duration.ofDays(365);

    /** For reading one frame of a peer, from its first byte on: 1 MiB that wait for a last byte must not wait for a year. */
    public static final Duration GOSSIP_READ = Duration.ofSeconds(30);

    /** For writing one frame to a peer; go has the same. */
    public static final Duration GOSSIP_WRITE = Duration.ofSeconds(30);

    /** For opening the stream. */
    public static final Duration GOSSIP_OPEN = Duration.ofSeconds(10);

    /** How long after a stream ended the next is opened on the same connection; doubles each time. */
    public static final Duration GOSSIP_REOPEN = Duration.ofSeconds(1);

    /** Streams opened on one connection: the fifth makes rust-libp2p stop gossiping there for good. */
    public static final int GOSSIP_STREAMS_PER_CONNECTION = 3;

    // ---- Store

    /** Changes that wait for the database: a second of a flood, at what one thread writes. */
    public static final int STORE_QUEUE = 16_384;

    /** Their bytes. */
    public static final int STORE_QUEUE_BYTES = 16 << 20;

    /** Reads that wait for the database. */
    public static final int STORE_READS = 1024;

    /** Changes written in one transaction. Somebody who reads waits for as many: about 10 ms. */
    public static final int STORE_GROUP = 512;

    /** How long changes that nobody waits for are gathered. What {@code kill -9} can lose of other nodes' records. */
    public static final Duration STORE_GATHER = Duration.ofMillis(10);

    /** How long a writer waits for room in the queue. */
    public static final Duration STORE_ROOM = Duration.ofSeconds(2);

    /** For a commit that was begun, beyond its deadline: a disk that syncs slower is broken. */
    public static final Duration STORE_BEGUN = Duration.ofSeconds(5);

    /** For opening: checking and loading 10^6 packages takes some ten seconds, recovering them as long again. */
    public static final Duration STORE_OPEN = Duration.ofMinutes(2);

    /** For closing: writing a full queue takes a second, and the checkpoint as long as the disk needs. */
    public static final Duration STORE_CLOSE = Duration.ofSeconds(15);

    /** Bytes of memory in which SQLite keeps pages; negative KiB, as its pragma wants it. */
    public static final int STORE_CACHE_KIB = -8192;

    /** Pages in the log at which it is written back: 4 MB, as SQLite has it. */
    public static final int STORE_LOG_PAGES = 1000;

    /** Bytes to which the log is cut after a burst. */
    public static final int STORE_LOG_BYTES = 16 << 20;

    /** Bytes of one row read from a damaged file. Ours have at most 8 KiB and some names. */
    public static final int STORE_SALVAGED_ROW_BYTES = 64 * 1024;

    /** Versions kept on disk for the DHT, 8 KiB each at most; ten times what it keeps in memory. */
    public static final int STORE_VERSIONS = 100_000;

    /** Of those, how many the DHT begins with after a restart: as many as it has room for. */
    public static final int STORE_VERSIONS_TOLD = 10_000;

    /** Providers kept on disk, as many as in memory. */
    public static final int STORE_PROVIDERS = 100_000;

    /** A namespace stays its owner's for so long after the last record in it has expired: whoever was away for a summer finds it again. */
    public static final Duration STORE_NAMESPACE_KEPT = Duration.ofDays(90);
}
