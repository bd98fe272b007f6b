package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.internal.record.HeadCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.SignedHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this node published: of each package its head, and the record of each version. Thread-safe. Holds bytes; a version's are the head's where
 * it is the latest, so that a package takes little more than its record in the index.
 */
final class OwnPackages {

    private final Map<PackageId, Own> packages = new ConcurrentHashMap<>();

    /** A package of this node, null if it published none with that id. */
    @Nullable Own find(PackageId id) {
        return packages.get(id);
    }

    void put(PackageId id, Own own) {
        packages.put(id, own);
    }

    /** What should stand under a key: of a withdrawn package its withdrawal, whatever the version. */
    Optional<SignedHead> record(RecordKey key) {
        Own own = packages.get(key.id());
        return own == null ? Optional.empty() : own.record(key);
    }

    /** Packages whose records are to be signed anew by now. */
    List<PackageId> due(long nowMillis) {
        return packages.entrySet().stream()
                .filter(entry -> entry.getValue().renewAt <= nowMillis)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * One package. Immutable.
     *
     * @param head its signed head, perhaps one that withdraws it
     * @param versions the record of each version that is not withdrawn
     * @param former the record of each version that was, so that it does not come back with other content
     * @param renewAt when to sign all of that anew, in milliseconds
     */
    record Own(Signed head, Map<String, Signed> versions, Map<String, Signed> former, long renewAt) {
        Own {
            versions = Map.copyOf(versions);
            former = Map.copyOf(former);
        }

        /** A package of which nothing but its head is known. */
        static Own of(SignedHead head) {
            Signed signed = Signed.of(head);
            return head.head().withdrawn()
                    ? new Own(signed, Map.of(), Map.of(), Long.MAX_VALUE)
                    : new Own(signed, Map.of(head.head().version(), signed), Map.of(), Long.MAX_VALUE);
        }

        /** What was published as that version, null if that is not known. */
        @Nullable PackageManifest manifestOf(String version) {
            Signed signed = versions.getOrDefault(version, former.get(version));
            return signed == null ? null : signed.read().head().manifest();
        }

        /** The same with another head and one more version. */
        Own with(SignedHead newHead, SignedHead version, long newRenewAt) {
            Map<String, Signed> more = new TreeMap<>(versions);
            more.put(version.head().version(), Signed.of(version));
            return new Own(Signed.of(newHead), more, former, newRenewAt);
        }

        /** The same, withdrawn. */
        Own withdrawn(SignedHead withdrawal) {
            Map<String, Signed> all = new TreeMap<>(former);
            all.putAll(versions);
            return new Own(Signed.of(withdrawal), Map.of(), all, Long.MAX_VALUE);
        }

        Optional<SignedHead> record(RecordKey key) {
            SignedHead current = head.read();
            if (key.version().isEmpty()) {
                return Optional.of(current);
            }
            String version = key.version().get();
            if (current.head().withdrawn()) {
                return former.containsKey(version) ? Optional.of(current) : Optional.empty();
            }
            return Optional.ofNullable(versions.get(version)).map(Signed::read);
        }

        /** Every key under which something of the package should stand. */
        List<RecordKey> keys(PackageId id) {
            List<RecordKey> keys = new ArrayList<>();
            keys.add(RecordKey.of(id));
            Map<String, Signed> standing = head.read().head().withdrawn() ? former : versions;
            standing.keySet().forEach(version -> keys.add(RecordKey.of(id, version)));
            return keys;
        }
    }

    /** A record signed by this node, read when it is looked at. */
    static final class Signed {
        private final byte[] encoded;

        private Signed(byte[] encoded) {
            this.encoded = encoded;
        }

        static Signed of(SignedHead head) {
            return new Signed(head.encoded());
        }

        SignedHead read() {
            try {
                return HeadCodec.trusted(encoded);
            } catch (RecordRefused e) {
                throw new IllegalStateException("this node signed it", e);
            }
        }
    }
}
