package io.swarmscope.internal.kad;

import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Messages to protobuf bytes and back, without the length prefix of the stream. Stateless; any thread.
 *
 * <p>Reading takes what the deployed implementations send and no more than {@link Limits} allow: surplus peers and addresses, and those
 * that cannot be parsed, are skipped, since dropping the whole message would cut us off from every network with one newer node in it.
 * Writing keeps answers within {@link Limits#KAD_ANSWER_BYTES_OUT} by leaving out addresses, then peers; only a record that is too large
 * by itself exceeds them.
 *
 * @see <a href="https://github.com/libp2p/specs/tree/master/kad-dht">Kademlia DHT specification</a>
 */
public final class MessageCodec {

    /** Bytes of the longest request to read from a stream. */
    public static final int REQUEST_BYTES_MAX = Limits.KAD_REQUEST_BYTES;

    /** Bytes of the longest answer to read from a stream. */
    public static final int ANSWER_BYTES_MAX = Limits.KAD_ANSWER_BYTES;

    /** About as long as most are: twenty peers with an address or two. */
    private static final int ANSWER_BYTES = 2_048;

    private static final int PUT_VALUE = 0;
    private static final int GET_VALUE = 1;
    private static final int ADD_PROVIDER = 2;
    private static final int GET_PROVIDERS = 3;
    private static final int FIND_NODE = 4;
    private static final int PING = 5;

    private static final int TYPE = 1;
    private static final int KEY = 2;
    private static final int RECORD = 3;
    private static final int CLOSER_PEERS = 8;
    private static final int PROVIDER_PEERS = 9;

    /** A record's publisher, time and time to live, and the tags and lengths of it all. */
    private static final int RECORD_EXTRAS_BYTES = 128;

    /** Twenty peers with one or two addresses. */
    private static final int PEERS_BYTES_MIN = 2000;

    private MessageCodec() {}

    /** The bytes of a request or an answer. */
    public static byte[] encode(Message message) {
        return switch (message) {
            case Request request -> encodeRequest(request);
            case Answer answer -> encodeAnswer(answer);
        };
    }

    private static byte[] encodeRequest(Request request) {
        return switch (request) {
            case Request.FindNode find -> start(FIND_NODE, find.key()).toBytes();
            case Request.GetValue get -> start(GET_VALUE, get.key()).toBytes();
            case Request.GetProviders get -> start(GET_PROVIDERS, get.key()).toBytes();
            case Request.Ping ping -> start(PING, null).toBytes();
            // go-libp2p refuses a put whose key stands in the record only
            case Request.PutValue put -> withRecord(start(PUT_VALUE, put.record().key()), put.record()).toBytes();
            case Request.AddProvider add -> {
                ProtoWriter out = start(ADD_PROVIDER, add.key());
                yield withPeers(out, add.providers(), List.of(), Limits.KAD_ANSWER_BYTES_OUT);
            }
        };
    }

    private static byte[] encodeAnswer(Answer answer) {
        return switch (answer) {
            case Answer.Nodes nodes -> withPeers(start(FIND_NODE, null), List.of(), nodes.closer(), Limits.KAD_ANSWER_BYTES_OUT);
            case Answer.Providers found ->
                withPeers(start(GET_PROVIDERS, null), found.providers(), found.closer(), Limits.KAD_ANSWER_BYTES_OUT);
            case Answer.Value value -> {
                KadRecord record = value.record();
                ProtoWriter out = start(GET_VALUE, record == null ? null : record.key());
                yield withPeers(record == null ? out : withRecord(out, record), List.of(), value.closer(), peerBytes(record));
            }
            case Answer.Stored stored -> {
                KadRecord record = stored.record();
                ProtoWriter out = start(PUT_VALUE, record == null ? null : record.key());
                yield (record == null ? out : withRecord(out, record)).toBytes();
            }
            case Answer.Pong pong -> start(PING, null).toBytes();
        };
    }

    /** Proto3 leaves out a zero, which is the type of a put. */
    private static ProtoWriter start(int type, @Nullable Bytes key) {
        ProtoWriter out = new ProtoWriter(ANSWER_BYTES);
        if (type != 0) {
            out.varint(TYPE, type);
        }
        return key == null ? out : out.bytes(KEY, key.array());
    }

    private static ProtoWriter withRecord(ProtoWriter out, KadRecord record) {
        return out.message(RECORD, RecordCodec.write(record));
    }

    /**
     * What a record leaves for the peers beside it. One that leaves too little is over what rust-libp2p reads, or close to it, so that the
     * peers are for others to read and need not give way.
     */
    private static int peerBytes(@Nullable KadRecord record) {
        int used = record == null ? 0 : 2 * record.key().length() + record.value().length() + RECORD_EXTRAS_BYTES;
        int left = Limits.KAD_ANSWER_BYTES_OUT - used;
        return left < PEERS_BYTES_MIN ? Limits.KAD_ANSWER_BYTES_OUT : left;
    }

    private static byte[] withPeers(ProtoWriter out, List<PeerInfo> providers, List<PeerInfo> closer, int budget) {
        PeerCodec.write(out, PROVIDER_PEERS, providers, CLOSER_PEERS, closer, budget);
        return out.toBytes();
    }

    /** Reads a request of at most {@link #REQUEST_BYTES_MAX}. */
    public static Request decodeRequest(byte[] bytes) throws MalformedException {
        Fields fields = Fields.read(bytes);
        if (fields.type == PING) {
            return new Request.Ping();
        }
        if (fields.type == PUT_VALUE) {
            return new Request.PutValue(fields.recordUnderItsKey());
        }
        if (fields.key.length() == 0) {
            throw new MalformedException("a Kademlia request without a key");
        }
        return switch (fields.type) {
            case GET_VALUE -> new Request.GetValue(fields.key);
            case ADD_PROVIDER -> new Request.AddProvider(fields.key, fields.providers);
            case GET_PROVIDERS -> new Request.GetProviders(fields.key);
            case FIND_NODE -> new Request.FindNode(fields.key);
            default -> throw unknown(fields.type);
        };
    }

    /** Reads an answer of at most {@link #ANSWER_BYTES_MAX}. Whether it answers what was asked, {@link Kademlia#onAnswer} sees. */
    public static Answer decodeAnswer(byte[] bytes) throws MalformedException {
        return decodeAnswer(bytes, new LongAdder());
    }

    /**
     * Reads an answer, and counts.
     *
     * @param passedOver is added how many peers were too many
     */
    public static Answer decodeAnswer(byte[] bytes, LongAdder passedOver) throws MalformedException {
        Fields fields = Fields.read(bytes);
        passedOver.add(fields.passedOver);
        return switch (fields.type) {
            case PUT_VALUE -> new Answer.Stored(fields.record);
            case GET_VALUE -> new Answer.Value(fields.record, fields.closer);
            case GET_PROVIDERS -> new Answer.Providers(fields.providers, fields.closer);
            case FIND_NODE -> new Answer.Nodes(fields.closer);
            case PING -> new Answer.Pong();
            default -> throw unknown(fields.type);
        };
    }

    private static MalformedException unknown(int type) {
        return new MalformedException("a Kademlia message of type " + type);
    }

    /** The one protobuf message that all requests and answers are. */
    private static final class Fields {
        private int type = PUT_VALUE;
        private Bytes key = Bytes.EMPTY;
        private @Nullable KadRecord record;
        private final List<PeerInfo> closer = new ArrayList<>();
        private final List<PeerInfo> providers = new ArrayList<>();
        private int passedOver;

        private static Fields read(byte[] bytes) throws MalformedException {
            Fields fields = new Fields();
            ProtoReader in = ProtoReader.of(bytes);
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case TYPE -> fields.type = in.varint(Integer.MAX_VALUE);
                    case KEY -> fields.key = Bytes.of(in.bytes(Limits.KAD_KEY_BYTES));
                    case RECORD -> fields.record = RecordCodec.read(in.message());
                    case CLOSER_PEERS -> fields.passedOver += PeerCodec.readInto(fields.closer, in);
                    case PROVIDER_PEERS -> fields.passedOver += PeerCodec.readInto(fields.providers, in);
                    default -> in.skip();
                }
            }
            return fields;
        }

        private KadRecord recordUnderItsKey() throws MalformedException {
            if (record == null || record.key().length() == 0) {
                throw new MalformedException("a put without a record, or with one that has no key");
            }
            // Old rust-libp2p nodes leave the outer key out
            if (key.length() > 0 && !key.equals(record.key())) {
                throw new MalformedException("a put with a record under another key");
            }
            return record;
        }
    }
}
