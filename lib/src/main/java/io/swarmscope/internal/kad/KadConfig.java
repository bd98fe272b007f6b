package io.swarmscope.internal.kad;

import io.swarmscope.DhtMode;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How a node takes part in the DHT. Immutable, checked when made.
 *
 * @param prefix first part of the protocol id; nodes with different prefixes are different networks
 * @param mode whether this node answers others
 * @param k peers in a bucket, in an answer, and that keep a value; the same in the whole network. Less loses values when nodes leave,
 *     more costs traffic
 * @param lookup how lookups go
 * @param table how the routing table is kept
 * @param stores what is kept for others
 */
public record KadConfig(
        String prefix, DhtMode mode, int k, LookupConfig lookup, TableConfig table, StoreConfig stores) {

    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._-]{1,64}){1,4}"); // before DEFAULT, which is checked by it

    /** The defaults of the project's network. */
    public static final KadConfig DEFAULT = new KadConfig(
            "/swarmscope", DhtMode.SERVER, 20, LookupConfig.DEFAULT, TableConfig.DEFAULT, StoreConfig.DEFAULT);

    /** Checks the ranges. */
    public KadConfig {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("prefix " + prefix + ": use /name, one to four times");
        }
        Ranges.check("k", k, 1, 100);
        if (lookup.maxAsked() < k) {
            throw new IllegalArgumentException("maxAsked " + lookup.maxAsked() + ": at least k, which is " + k);
        }
    }

    /** The libp2p protocol id: the prefix followed by {@code /kad/1.0.0}. */
    public String protocolId() {
        return prefix + "/kad/1.0.0";
    }

    /** The same with another prefix. */
    public KadConfig withPrefix(String other) {
        return new KadConfig(other, mode, k, lookup, table, stores);
    }

    /** The same in another mode. */
    public KadConfig withMode(DhtMode other) {
        return new KadConfig(prefix, other, k, lookup, table, stores);
    }

    /** The same with another k. */
    public KadConfig withK(int other) {
        return new KadConfig(prefix, mode, other, lookup, table, stores);
    }

    /** The same with other rules for lookups. */
    public KadConfig withLookup(LookupConfig other) {
        return new KadConfig(prefix, mode, k, other, table, stores);
    }

    /** The same with other rules for the routing table. */
    public KadConfig withTable(TableConfig other) {
        return new KadConfig(prefix, mode, k, lookup, other, stores);
    }

    /** The same with other limits for the stores. */
    public KadConfig withStores(StoreConfig other) {
        return new KadConfig(prefix, mode, k, lookup, table, other);
    }

    /**
     * How lookups go. Immutable, checked when made.
     *
     * @param alpha requests of one lookup under way at a time. More is quicker past dead peers and costs more requests. A lookup that
     *     one good answer can end begins with a single request and widens by one with each that did not help
     * @param hedgeAfter after this silence a peer no longer counts as under way and another is asked beside it; its answer still counts
     * @param patience after this silence a peer no longer holds up the end of a lookup, and a lookup that ends without its answer
     *     counts it as failed; earlier, but after a second at least, once it is silent four times as long as the slowest answer took
     * @param peerTimeout when one request is given up
     * @param timeout when one lookup is given up
     * @param maxAsked peers one lookup may ask in all, so that invented peers cannot keep it going
     */
    public record LookupConfig(
            int alpha,
            Duration hedgeAfter,
            Duration patience,
            Duration peerTimeout,
            Duration timeout,
            int maxAsked) {

        /** Ten at a time as the specification says; 10 s for a peer, 60 s for a lookup; 20 k peers. */
        public static final LookupConfig DEFAULT = new LookupConfig(
                10, Duration.ofMillis(250), Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(60), 400);

        /** Checks the ranges. */
        public LookupConfig {
            Ranges.check("alpha", alpha, 1, 64);
            Ranges.check("hedgeAfter", hedgeAfter, Duration.ofMillis(1), Duration.ofMinutes(1));
            Ranges.check("patience", patience, hedgeAfter, Duration.ofMinutes(1));
            Ranges.check("peerTimeout", peerTimeout, hedgeAfter, Duration.ofMinutes(2));
            Ranges.check("timeout", timeout, peerTimeout, Duration.ofMinutes(10));
            Ranges.check("maxAsked", maxAsked, 1, 10_000);
        }
    }

    /**
     * How the routing table is kept. Immutable, checked when made.
     *
     * @param failuresToEvict a peer that fails this often in a row leaves the table. 1 forgets good peers at every hiccup
     * @param replacements newcomers remembered for each full bucket
     * @param checkAfter a peer silent for this long is asked for a sign of life, at once if a newcomer waits for its place
     * @param refreshEvery how often the own neighbourhood and each bucket are looked up anew
     * @param backgroundOperations refreshes, liveness checks and corrections under way at a time
     */
    public record TableConfig(
            int failuresToEvict, int replacements, Duration checkAfter, Duration refreshEvery, int backgroundOperations) {

        /** Two failures, four replacements, checks after 5 min, refresh every 10 min, 32 operations. */
        public static final TableConfig DEFAULT =
                new TableConfig(2, 4, Duration.ofMinutes(5), Duration.ofMinutes(10), 32);

        /** Checks the ranges. */
        public TableConfig {
            Ranges.check("failuresToEvict", failuresToEvict, 1, 100);
            Ranges.check("replacements", replacements, 0, 100);
            Ranges.check("checkAfter", checkAfter, Duration.ofSeconds(1), Duration.ofDays(1));
            Ranges.check("refreshEvery", refreshEvery, Duration.ofSeconds(1), Duration.ofDays(1));
            Ranges.check("backgroundOperations", backgroundOperations, 1, 256);
        }
    }

    /**
     * What is kept for others. Immutable, checked when made.
     *
     * @param records records at most; beyond that the one farthest from this node goes
     * @param recordBytes bytes of keys and values of all records together
     * @param valueBytes bytes of one value
     * @param recordTtl how long a record is kept after it was last put
     * @param providers provider entries at most
     * @param providersPerKey providers of one key at most
     * @param providerTtl how long a provider entry is kept after it was last announced
     * @param writesPerSecond records and provider entries one peer may write; twice that in a burst. In a small network every
     *     record goes to every peer, so this is how fast somebody can publish; each costs some 60 us to verify
     */
    public record StoreConfig(
            int records,
            long recordBytes,
            int valueBytes,
            Duration recordTtl,
            int providers,
            int providersPerKey,
            Duration providerTtl,
            int writesPerSecond) {

        /** 10,000 records of 64 KiB, 128 MiB together; 100,000 provider entries, 20 for a key; two days; 200 writes/s for a peer. */
        public static final StoreConfig DEFAULT = new StoreConfig(
                10_000, 128L << 20, 64 << 10, Duration.ofDays(2), 100_000, 20, Duration.ofDays(2), 200);

        /** Checks the ranges. */
        public StoreConfig {
            Ranges.check("records", records, 0, 10_000_000);
            Ranges.check("recordBytes", recordBytes, 0, 1L << 40);
            Ranges.check("valueBytes", valueBytes, 1, 100 << 10);
            Ranges.check("recordTtl", recordTtl, Duration.ofSeconds(1), Duration.ofDays(365));
            Ranges.check("providers", providers, 0, 100_000_000);
            Ranges.check("providersPerKey", providersPerKey, 2, 1000);
            Ranges.check("providerTtl", providerTtl, Duration.ofSeconds(1), Duration.ofDays(365));
            Ranges.check("writesPerSecond", writesPerSecond, 1, 1_000_000);
        }
    }
}
