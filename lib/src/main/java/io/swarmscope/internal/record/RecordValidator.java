package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.internal.record.RecordRefused.Reason;
import io.swarmscope.internal.wire.Limits;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rules for records, the same when one arrives, is stored or is read: size, signature, network, time, namespace key, sequence, and that it
 * is the one its key names. Thread-safe. {@link #check} may verify a signature, so it is for threads of links and callers;
 * {@link #checkAgain} and {@link #best} never do and are fit for the swarm thread.
 */
public final class RecordValidator {

    private final String network;
    private final NamespaceOwners owners;
    private final ToLongFunction<PackageId> knownSequence;
    private final InstantSource clock;

    private final VerifiedRecords verified = new VerifiedRecords();
    private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);

    /**
     * @param network records of others are refused
     * @param owners asked and told whose a namespace is
     * @param knownSequence the sequence number known of a package, 0 or less if none is
     * @param clock the wall clock
     */
    public RecordValidator(
            String network, NamespaceOwners owners, ToLongFunction<PackageId> knownSequence, InstantSource clock) {
        this.network = network;
        this.owners = owners;
        this.knownSequence = knownSequence;
        this.clock = clock;
        for (Reason reason : Reason.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    /**
     * Checks a record as far as it can be without knowing what it was asked for. One that is older than what is known passes: the
     * sender may have missed the newer one.
     *
     * @return the head; its namespace is its signer's from now on
     * @throws RecordRefused saying which rule it breaks
     */
    public SignedHead check(byte[] encoded) throws RecordRefused {
        try {
            return accept(admitted(encoded));
        } catch (RecordRefused e) {
            throw counted(e);
        }
    }

    /**
     * Checks a record that should be the one with this key.
     *
     * @throws RecordRefused saying which rule it breaks
     */
    public SignedHead check(RecordKey key, byte[] encoded) throws RecordRefused {
        try {
            SignedHead head = admitted(encoded);
            if (!key.fits(head.head())) {
                throw new RecordRefused(
                        Reason.KEY_MISMATCH, "it is " + head.id() + "@" + head.head().version() + ", not " + key);
            }
            if (key.version().isEmpty()) {
                requireCurrent(head);
            }
            return accept(head);
        } catch (RecordRefused e) {
            throw counted(e);
        }
    }

    /**
     * {@link #check(RecordKey, byte[])} with the key as it stands in the DHT.
     *
     * @throws RecordRefused saying which rule it breaks
     */
    public SignedHead check(byte[] key, byte[] encoded) throws RecordRefused {
        RecordKey recordKey;
        try {
            recordKey = RecordKey.parse(key);
        } catch (RecordRefused e) {
            throw counted(e);
        }
        return check(recordKey, encoded);
    }

    /**
     * Whether a record that passed before still does. Looks only at what time and other records change: expiry, the namespace's key, the
     * sequence.
     *
     * @throws RecordRefused saying which rule it breaks by now; not counted
     */
    public void checkAgain(byte[] key, byte[] encoded) throws RecordRefused {
        SignedHead head = read(encoded);
        requireTimely(head.head());
        requireOwner(head);
        if (RecordKey.isOfPackage(key)) {
            requireCurrent(head);
        }
    }

    /** The index of the best of several records of one package that passed before, by {@link SignedHead#PRECEDENCE}. */
    public int best(List<byte[]> values) {
        int best = 0;
        SignedHead bestHead = null;
        for (int i = 0; i < values.size(); i++) {
            SignedHead head = readOrNull(values.get(i));
            if (head != null && (bestHead == null || head.replaces(bestHead))) {
                best = i;
                bestHead = head;
            }
        }
        return best;
    }

    /** Remembers a record that this node signed, so that it need not verify itself. */
    public void trust(SignedHead own) {
        owners.claim(own.id().namespace(), own.publisher(), own.head().expiresAt(), clock.instant());
        verified.add(own);
    }

    private SignedHead admitted(byte[] encoded) throws RecordRefused {
        SignedHead head = verified.open(encoded);
        if (!head.head().network().equals(network)) {
            throw new RecordRefused(Reason.NETWORK, "it is of another network");
        }
        requireTimely(head.head());
        requireOwner(head);
        return head;
    }

    private SignedHead accept(SignedHead head) throws RecordRefused {
        if (!owners.claim(head.id().namespace(), head.publisher(), head.head().expiresAt(), clock.instant())) {
            throw foreign(head);
        }
        return head;
    }

    private void requireTimely(Head head) throws RecordRefused {
        Instant now = clock.instant();
        if (head.expiresAt().plusMillis(Limits.RECORD_CLOCK_SKEW_MILLIS).isBefore(now)) {
            throw new RecordRefused(Reason.EXPIRY, "it has expired");
        }
        if (head.publishedAt().minusMillis(Limits.RECORD_CLOCK_SKEW_MILLIS).isAfter(now)) {
            throw new RecordRefused(Reason.EXPIRY, "it is signed in the future");
        }
        if (head.publishedAt().plusMillis(Limits.RECORD_LIFETIME_MILLIS).isBefore(head.expiresAt())) {
            throw new RecordRefused(Reason.EXPIRY, "it wants to live for more than 30 days");
        }
    }

    private void requireOwner(SignedHead head) throws RecordRefused {
        if (!owners.maySign(head.id().namespace(), head.publisher())) {
            throw foreign(head);
        }
    }

    private static RecordRefused foreign(SignedHead head) {
        return new RecordRefused(
                Reason.NAMESPACE_KEY, "the namespace " + head.id().namespace() + " belongs to another key");
    }

    private void requireCurrent(SignedHead head) throws RecordRefused {
        if (head.sequence() < knownSequence.applyAsLong(head.id())) {
            throw new RecordRefused(Reason.SEQUENCE, "a newer record of " + head.id() + " is known");
        }
    }

    /** A record that was accepted before; its signature is not verified again. */
    private SignedHead read(byte[] encoded) throws RecordRefused {
        SignedHead known = verified.known(encoded);
        return known == null ? HeadCodec.trusted(encoded) : known;
    }

    private @Nullable SignedHead readOrNull(byte[] encoded) {
        try {
            return read(encoded);
        } catch (RecordRefused e) {
            return null;
        }
    }

    private RecordRefused counted(RecordRefused refusal) {
        LongAdder counter = refused.get(refusal.reason());
        if (counter != null) {
            counter.increment();
        }
        return refusal;
    }

    /** How many records were refused, by reason, and how many signatures were verified. */
    public Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>();
        refused.forEach((reason, count) -> counters.put("refused." + reason.label(), count.sum()));
        counters.put("verifications", verified.verifications());
        return counters;
    }
}
