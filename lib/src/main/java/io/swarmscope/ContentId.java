package io.swarmscope;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names the bytes of a package by their hash. A value; any thread may use it.
 *
 * @param algorithm multihash name of the hash function, for example {@code sha2-256}
 * @param digest the hash in lower-case hex, 16 to 128 digits
 */
public record ContentId(String algorithm, String digest) {
    private static final Pattern ALGORITHM = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final Pattern DIGEST = Pattern.compile("(?:[0-9a-f]{2}){8,64}");

    /**
     * Checks both and folds the digest to lower case.
     *
     * @throws RegistryException.InvalidInput if one is malformed
     */
    public ContentId {
        digest = digest.toLowerCase(Locale.ROOT);
        if (!ALGORITHM.matcher(algorithm).matches()) {
            throw new RegistryException.InvalidInput(
                    "content id algorithm", algorithm, "use a multihash name such as sha2-256");
        }
        if (!DIGEST.matcher(digest).matches()) {
            throw new RegistryException.InvalidInput("content id digest", digest, "use 16 to 128 hex digits");
        }
    }

    /** {@code algorithm:digest}. */
    @Override
    public String toString() {
        return algorithm + ":" + digest;
    }
}
