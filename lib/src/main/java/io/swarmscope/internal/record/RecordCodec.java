package io.swarmscope.internal.record;

import io.swarmscope.PeerId;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.SignedEnvelope;
import io.swarmscope.internal.record.RecordRefused.Reason;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Records to bytes and back: JSON inside a libp2p signed envelope. Stateless; any thread, but {@link #seal} and {@link #open} take a
 * signature's time, so not the swarm thread.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/RFC/0002-signed-envelopes.md">signed envelopes</a>
 */
public final class RecordCodec {

    /** What the signature is for; one made for another purpose does not verify here. */
    private static final String DOMAIN = "swarmscope-record";

    /** What the payload is, which is signed as well: a version cannot be passed off as a head. */
    private static final Map<Class<? extends PackageRecord>, byte[]> PAYLOAD_TYPES = Map.of(
            Head.class, "/swarmscope/head/1".getBytes(StandardCharsets.UTF_8),
            VersionRecord.class, "/swarmscope/version/1".getBytes(StandardCharsets.UTF_8),
            Tombstone.class, "/swarmscope/tombstone/1".getBytes(StandardCharsets.UTF_8));

    // Fields of the envelope.
    private static final int KEY = 1;
    private static final int PAYLOAD_TYPE_FIELD = 2;
    private static final int PAYLOAD = 3;
    private static final int SIGNATURE = 5;

    private RecordCodec() {}

    /**
     * Signs a record. Where a head is too large the oldest versions are left out of its list; the manifest's own stays.
     *
     * @throws RegistryException.TooLarge if it exceeds {@link Limits#RECORD_BYTES} even so
     */
    public static <R extends PackageRecord> Signed<R> seal(Identity identity, R record) {
        R fitting = record;
        byte[] encoded = envelope(identity, fitting);
        while (encoded.length > Limits.RECORD_BYTES) {
            fitting = smaller(fitting, encoded.length);
            encoded = envelope(identity, fitting);
        }
        return new Signed<>(fitting, identity.peerId(), encoded);
    }

    private static byte[] envelope(Identity identity, PackageRecord record) {
        return SignedEnvelope.seal(identity, DOMAIN, payloadType(record), RecordJson.write(record)).encoded();
    }

    private static byte[] payloadType(PackageRecord record) {
        return Objects.requireNonNull(PAYLOAD_TYPES.get(record.getClass()));
    }

    @SuppressWarnings("unchecked") // a head made smaller is a head
    private static <R extends PackageRecord> R smaller(R record, int size) {
        if (record instanceof Head head) {
            List<String> fewer = withoutOldest(head, size - Limits.RECORD_BYTES);
            if (fewer.size() < head.versions().size()) {
                return (R) head.withVersions(fewer);
            }
        }
        throw new RegistryException.TooLarge(record.id(), size, Limits.RECORD_BYTES);
    }

    /** The versions without as many of the oldest as take up that many bytes of JSON, if there are so many. */
    private static List<String> withoutOldest(Head head, int bytes) {
        List<String> kept = new ArrayList<>(head.versions());
        int freed = 0;
        for (int i = kept.size() - 1; i >= 0 && freed < bytes; i--) {
            if (!kept.get(i).equals(head.version())) {
                freed += kept.remove(i).length() + 3; // its quotes and comma
            }
        }
        return kept;
    }

    /**
     * Reads a record and verifies its signature. What is around the signed bytes must be as {@link #seal} writes it: with a field nobody knows, or
     * the known ones in another order, anybody could make a second record of a first, which would be news of its publisher.
     *
     * @throws RecordRefused with reason SIZE, SYNTAX or SIGNATURE
     */
    public static Signed<?> open(byte[] encoded) throws RecordRefused {
        Parts parts = parts(encoded);
        Class<? extends PackageRecord> kind = parts.kind();
        if (!Arrays.equals(encoded, parts.envelope())) {
            throw new RecordRefused(Reason.SYNTAX, "the envelope is not in its one form");
        }
        SignedEnvelope envelope = verified(encoded);
        // The id of the signer is made of these bytes wherever the record is read again, so there must be one form of them only.
        if (!Arrays.equals(parts.key, envelope.key().toProtobuf())) {
            throw new RecordRefused(Reason.SYNTAX, "the public key is not in its one form");
        }
        return new Signed<>(RecordJson.read(kind, parts.payload), envelope.signer(), encoded);
    }

    private static SignedEnvelope verified(byte[] encoded) throws RecordRefused {
        try {
            return SignedEnvelope.open(encoded, DOMAIN);
        } catch (MalformedException e) {
            throw new RecordRefused(Reason.SIGNATURE, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads a record whose signature was verified before, for example one of the local index. Takes a few microseconds.
     *
     * @throws RecordRefused with reason SIZE or SYNTAX if it cannot have been verified
     */
    public static Signed<?> trusted(byte[] encoded) throws RecordRefused {
        Parts parts = parts(encoded);
        return new Signed<>(RecordJson.read(parts.kind(), parts.payload), PeerId.ofPublicKey(parts.key), encoded);
    }

    /** What is read of an envelope without verifying it. */
    private static final class Parts {
        private byte[] key = new byte[0];
        private byte[] type = new byte[0];
        private byte[] payload = new byte[0];
        private byte[] signature = new byte[0];

        byte[] envelope() {
            return new ProtoWriter()
                    .bytes(KEY, key)
                    .bytes(PAYLOAD_TYPE_FIELD, type)
                    .bytes(PAYLOAD, payload)
                    .bytes(SIGNATURE, signature)
                    .toBytes();
        }

        Class<? extends PackageRecord> kind() throws RecordRefused {
            for (Map.Entry<Class<? extends PackageRecord>, byte[]> known : PAYLOAD_TYPES.entrySet()) {
                if (Arrays.equals(type, known.getValue())) {
                    return known.getKey();
                }
            }
            throw new RecordRefused(Reason.SYNTAX, "not a signed envelope with a record");
        }
    }

    static void requireSize(byte[] encoded) throws RecordRefused {
        if (encoded.length > Limits.RECORD_BYTES) {
            throw new RecordRefused(Reason.SIZE, encoded.length + " bytes, the limit is " + Limits.RECORD_BYTES);
        }
    }

    private static Parts parts(byte[] encoded) throws RecordRefused {
        requireSize(encoded);
        Parts parts = new Parts();
        try {
            ProtoReader in = ProtoReader.of(encoded);
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case KEY -> parts.key = in.bytes(Limits.PUBLIC_KEY_BYTES);
                    case PAYLOAD_TYPE_FIELD -> parts.type = in.bytes(Limits.RECORD_BYTES);
                    case PAYLOAD -> parts.payload = in.bytes(Limits.RECORD_BYTES);
                    case SIGNATURE -> parts.signature = in.bytes(Limits.SIGNATURE_BYTES);
                    default -> in.skip();
                }
            }
        } catch (MalformedException e) {
            throw new RecordRefused(Reason.SYNTAX, String.valueOf(e.getMessage()));
        }
        if (parts.key.length == 0 || parts.payload.length == 0) {
            throw new RecordRefused(Reason.SYNTAX, "not a signed envelope with a record");
        }
        return parts;
    }
}
