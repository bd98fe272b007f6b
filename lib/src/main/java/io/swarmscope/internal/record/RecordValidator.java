package io.swarmscope.internal.record;

import io.swarmscope.internal.record.RecordRefused.Reason;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules for records, the same when one arrives, is stored or is read, by the DHT, gossip, sync, search or from disk: size, signature, network,
 * time, namespace key, sequence, withdrawals, evidence, and that it is the one its key names. Thread-safe. {@link #check} may verify a
 * signature, so it is for threads of links and callers; {@link #checkAgain} and {@link #best} never do and are fit for the swarm thread.
 */
public final class RecordValidator {

    private static final Logger log = LoggerFactory.getLogger(RecordValidator.class);

    private final String network;
    private final NamespaceOwners owners;
    private final Known known;
    private final InstantSource clock;

    private final Quota quota = new Quota();
    private final VerifiedRecords verified;
    private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);

    /**
     * @param network records of others are refused
     * @param owners asked and told whose a namespace is
     * @param known what is held
     * @param clock the wall clock
     */
    public RecordValidator(String network, NamespaceOwners owners, Known known, InstantSource clock) {
        this(network, owners, known, clock, RecordCodec::open);
    }

    /**
     * The same.
     *
     * @param opener verifies signatures
     */
    public RecordValidator(String network, NamespaceOwners owners, Known known, InstantSource clock, RecordOpener opener) {
        this.verified = new VerifiedRecords(opener);
        this.network = network;
        this.owners = owners;
        this.known = known;
        this.clock = clock;
        for (Reason reason : Reason.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    /**
     * Checks a record as far as it can be without knowing what it was asked for. One that is older than what is known passes: the
     * sender may have missed the newer one.
     *
     * @return the record; its namespace is its signer's from now on
     * @throws RecordRefused saying which rule it breaks
     */
    public Signed<?> check(byte[] encoded) throws RecordRefused {
        try {
            return accept(admitted(encoded));
        } catch (RecordRefused e) {
            throw counted(e);
        }
    }

    /**
     * Checks a record that somebody brings as news, without having been asked: {@link #check(byte[])}, and it must not be older than
     * what is known, and within the {@link Quota} of its key.
     *
     * @throws RecordRefused saying which rule it breaks
     */
    public Signed<?> checkNews(byte[] encoded) throws RecordRefused {
        try {
            boolean isNew = verified.known(encoded) == null;
            return news(admitted(encoded), isNew);
        } catch (RecordRefused e) {
            throw counted(e);
        }
    }

    /**
     * Checks a record that somebody wants stored under a key of the DHT: as news that must be the one with this key.
     *
     * @throws RecordRefused saying which rule it breaks
     */
    public Signed<?> checkNews(byte[] key, byte[] encoded) throws RecordRefused {
        try {
            RecordKey named = RecordKey.parse(key);
            boolean isNew = verified.known(encoded) == null;
            Signed<?> record = admitted(encoded);
            requireKey(named, record);
            return news(record, isNew);
        } catch (RecordRefused e) {
            throw counted(e);
        }
    }

    /** What came before by another way is no news: whoever repeats what others signed does not use up their quota. */
    private Signed<?> news(Signed<?> record, boolean isNew) throws RecordRefused {
        requireCurrent(record);
        accept(record);
        if (isNew && !quota.take(record)) {
            verified.forget(record); // or else it would be no news the next time
            throw new RecordRefused(
                    Reason.QUOTA, record.publisher() + " brings more into " + record.id().namespace() + " than one may");
        }
        return record;
    }

    /**
     * Checks a record that should be the one with this key, and not older than what is known.
     *
     * @throws RecordRefused saying which rule it breaks
     */
    public Signed<?> check(RecordKey key, byte[] encoded) throws RecordRefused {
        try {
            Signed<?> record = admitted(encoded);
            requireKey(key, record);
            requireCurrent(record);
            return accept(record);
        } catch (RecordRefused e) {
            throw counted(e);
        }
    }

    /**
     * Whether a record that passed before, perhaps before a restart, still does. Looks only at what time, configuration and other records change:
     * network, expiry, the namespace's key, the sequence, withdrawals, evidence.
     *
     * @return the record
     * @throws RecordRefused saying which rule it breaks by now; not counted
     */
    public Signed<?> checkAgain(byte[] encoded) throws RecordRefused {
        Signed<?> record = checkStored(encoded);
        requireCurrent(record);
        return record;
    }

    /**
     * {@link #checkAgain} for what is read from disk, in any order: one that is older than what is known passes, such as the tombstone of a package that
     * came back.
     *
     * @return the record
     * @throws RecordRefused saying which rule it breaks by now; not counted
     */
    public Signed<?> checkStored(byte[] encoded) throws RecordRefused {
        Signed<?> record = read(encoded);
        requireNetwork(record);
        requireTimely(record.record());
        requireOwner(record);
        requireStanding(record);
        return record;
    }

    /**
     * Checks two records that are said to be evidence. When they were signed does not matter, and what they say need not stand: whoever wants to keep
     * one of them has to {@link #check(byte[])} it.
     *
     * @return the evidence they are
     * @throws RecordRefused if one of them is no record of this network, they do not contradict each other, or the namespace is another key's
     */
    public Evidence checkEvidence(byte[] encoded) throws RecordRefused {
        try {
            byte[][] records = Evidence.split(encoded);
            Evidence evidence = Evidence.between(ofThisNetwork(records[0]), ofThisNetwork(records[1]))
                    .orElseThrow(() -> new RecordRefused(Reason.SYNTAX, "the two records do not contradict each other"));
            requireOwner(evidence.standing()); // the other one is of the same key
            return evidence;
        } catch (MalformedException e) {
            throw counted(new RecordRefused(Reason.SYNTAX, String.valueOf(e.getMessage())));
        } catch (RecordRefused e) {
            throw counted(e);
        }
    }

    /**
     * The index of the best of several records under one key that passed before: of a package's the one that stands by {@link Signed#PRECEDENCE}, of
     * a version's what withdraws it, else the one that said first what it is, in the latest signature.
     */
    public int best(byte[] key, List<byte[]> values) {
        boolean ofPackage = RecordKey.isOfPackage(key);
        int best = 0;
        Signed<?> bestRecord = null;
        for (int i = 0; i < values.size(); i++) {
            Signed<?> record = readOrNull(values.get(i));
            if (record != null && (bestRecord == null || isBetter(ofPackage, record, bestRecord))) {
                best = i;
                bestRecord = record;
            }
        }
        return best;
    }

    private static boolean isBetter(boolean ofPackage, Signed<?> record, Signed<?> than) {
        Optional<Evidence> evidence = Evidence.between(record, than);
        if (evidence.isPresent()) {
            return evidence.get().standing().equals(record);
        }
        boolean forGood = withdrawsVersion(record);
        if (!ofPackage && forGood != withdrawsVersion(than)) {
            return forGood;
        }
        return record.replaces(than);
    }

    private static boolean withdrawsVersion(Signed<?> signed) {
        return signed.record() instanceof Tombstone tombstone && tombstone.version().isPresent();
    }

    /** Remembers a record that this node signed, so that it need not verify itself. */
    public void trust(Signed<?> own) {
        owners.claim(own.id().namespace(), own.publisher(), own.record().expiresAt(), clock.instant());
        verified.add(own);
    }

    private Signed<?> admitted(byte[] encoded) throws RecordRefused {
        Signed<?> record = ofThisNetwork(encoded);
        requireTimely(record.record());
        requireOwner(record);
        requireStanding(record);
        return record;
    }

    private Signed<?> ofThisNetwork(byte[] encoded) throws RecordRefused {
        Signed<?> record = verified.open(encoded);
        requireNetwork(record);
        return record;
    }

    private void requireNetwork(Signed<?> record) throws RecordRefused {
        if (!record.record().network().equals(network)) {
            throw new RecordRefused(Reason.NETWORK, "it is of another network");
        }
    }

    private Signed<?> accept(Signed<?> record) throws RecordRefused {
        return switch (owners.claim(
                record.id().namespace(), record.publisher(), record.record().expiresAt(), clock.instant())) {
            case OWNED -> record;
            case FOREIGN -> throw foreign(record);
            case TOO_MANY ->
                throw new RecordRefused(Reason.QUOTA, record.publisher() + " signs in more namespaces than one may");
        };
    }

    private void requireTimely(PackageRecord record) throws RecordRefused {
        Instant now = clock.instant();
        if (record.expiresAt().plusMillis(Limits.RECORD_CLOCK_SKEW_MILLIS).isBefore(now)) {
            throw new RecordRefused(Reason.EXPIRY, "it has expired");
        }
        if (record.publishedAt().minusMillis(Limits.RECORD_CLOCK_SKEW_MILLIS).isAfter(now)) {
            throw new RecordRefused(Reason.EXPIRY, "it is signed in the future");
        }
        if (record.publishedAt().plusMillis(Limits.RECORD_LIFETIME_MILLIS).isBefore(record.expiresAt())) {
            throw new RecordRefused(Reason.EXPIRY, "it wants to live for more than 30 days");
        }
    }

    private void requireOwner(Signed<?> record) throws RecordRefused {
        if (!owners.maySign(record.id().namespace(), record.publisher())) {
            throw foreign(record);
        }
    }

    private static RecordRefused foreign(Signed<?> record) {
        return new RecordRefused(
                Reason.NAMESPACE_KEY, "the namespace " + record.id().namespace() + " belongs to another key than " + record.publisher());
    }

    private static void requireKey(RecordKey key, Signed<?> record) throws RecordRefused {
        if (!key.fits(record.record())) {
            throw new RecordRefused(Reason.KEY_MISMATCH, "it is the " + record.record() + ", not " + key);
        }
    }

    /** What was withdrawn, or was refuted, does not come back. */
    private void requireStanding(Signed<?> record) throws RecordRefused {
        boolean withdrawn = switch ((PackageRecord) record.record()) {
            // Older heads than the tombstone are for requireCurrent: who asks for a search's hit wants to know of the newer one.
            case Head head -> known.withdrawn(head.id(), head.version()) == Long.MAX_VALUE;
            case VersionRecord version -> known.withdrawn(version.id(), version.version()) >= version.sequence();
            case Tombstone tombstone -> false;
        };
        if (withdrawn) {
            throw new RecordRefused(Reason.WITHDRAWN, "the " + record.record() + " was withdrawn");
        }
        if (known.refuted(record)) {
            throw new RecordRefused(Reason.REFUTED, "there is evidence against the " + record.record());
        }
    }

    /** What speaks for a package must not be older than what is held. */
    private void requireCurrent(Signed<?> record) throws RecordRefused {
        boolean speaksForPackage = RecordKey.of(record.record()).version().isEmpty();
        if (speaksForPackage && record.sequence() < known.sequence(record.id())) {
            throw new RecordRefused(Reason.SEQUENCE, "a newer record of " + record.id() + " is known");
        }
    }

    /** A record that was accepted before; its signature is not verified again. */
    private Signed<?> read(byte[] encoded) throws RecordRefused {
        Signed<?> remembered = verified.known(encoded);
        return remembered == null ? RecordCodec.trusted(encoded) : remembered;
    }

    private @Nullable Signed<?> readOrNull(byte[] encoded) {
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
        log.debug("record refused: {}", refusal.getMessage());
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
