package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.record.RecordRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a record stands in the DHT: {@code /pkg/namespace/name} for a package, {@code /ver/namespace/name/version} for a version.
 * Immutable; any thread.
 *
 * @param id the package
 * @param version the version, empty for the package itself
 */
public record RecordKey(PackageId id, Optional<String> version) {

    /** DHT namespace of packages. */
    public static final String PACKAGES = "pkg";

    /** DHT namespace of versions. */
    public static final String VERSIONS = "ver";

    /** Of a package. */
    public static RecordKey of(PackageId id) {
        return new RecordKey(id, Optional.empty());
    }

    /** Of a version of a package. */
    public static RecordKey of(PackageId id, String version) {
        return new RecordKey(id, Optional.of(version));
    }

    /**
     * Reads the bytes of a DHT key.
     *
     * @throws RecordRefused with reason KEY_MISMATCH if they are no such key
     */
    public static RecordKey parse(byte[] key) throws RecordRefused {
        String[] parts = new String(key, StandardCharsets.UTF_8).split("/", -1);
        boolean ofPackage = parts.length == 4 && parts[1].equals(PACKAGES);
        boolean ofVersion = parts.length == 5 && parts[1].equals(VERSIONS);
        if (!parts[0].isEmpty() || !(ofPackage || ofVersion)) {
            throw new RecordRefused(Reason.KEY_MISMATCH, "the key is neither of a package nor of a version");
        }
        try {
            PackageId id = new PackageId(parts[2], parts[3]);
            if (ofPackage) {
                return of(id);
            }
            PackageManifest.checkVersion(parts[4]);
            return of(id, parts[4]);
        } catch (RegistryException.InvalidInput e) {
            throw new RecordRefused(Reason.KEY_MISMATCH, String.valueOf(e.getMessage()));
        }
    }

    /** Whether a key, known to be one of these, is of a package rather than of a version. */
    public static boolean isOfPackage(byte[] key) {
        return key.length > 1 && key[1] == PACKAGES.charAt(0);
    }

    /** The bytes of the DHT key. */
    public byte[] toBytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The key of a record: a head's is its package's, a version's is its version's, a tombstone's that of what it withdraws. */
    public static RecordKey of(PackageRecord record) {
        return switch (record) {
            case Head head -> of(head.id());
            case VersionRecord version -> of(version.id(), version.version());
            case Tombstone tombstone -> new RecordKey(tombstone.id(), tombstone.version());
        };
    }

    /** Whether the record may stand under this key: its own, or for the tombstone of a package that of any of its versions. */
    boolean fits(PackageRecord record) {
        return of(record).equals(this)
                || (record instanceof Tombstone tombstone
                        && tombstone.version().isEmpty()
                        && tombstone.id().equals(id));
    }

    @Override
    public String toString() {
        return version.map(v -> "/" + VERSIONS + "/" + id + "/" + v).orElseGet(() -> "/" + PACKAGES + "/" + id);
    }
}
