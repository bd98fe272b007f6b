package io.swarmscope;

import java.util.regex.Pattern;

/**
 * The name of a package in a network: {@code namespace/name}. A value; any thread may use it.
 *
 * <p>A namespace belongs to the key that first signed in it. Both parts are 1 to 128 characters of {@code a-z A-Z 0-9 . _ -}
 * and begin and end with a letter or digit, so that a Maven coordinate {@code groupId:artifactId} maps to
 * {@code groupId/artifactId} unchanged.
 *
 * @param namespace who publishes
 * @param name what is published
 */
public record PackageId(String namespace, String name) implements Comparable<PackageId> {

    /** Longest namespace and longest name, in characters. */
    public static final int MAX_PART_LENGTH = 128;

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?");

    /**
     * Checks both parts.
     *
     * @throws RegistryException.InvalidInput if a part is empty, too long or has a character that is not allowed
     */
    public PackageId {
        check("namespace", namespace);
        check("name", name);
    }

    /**
     * Reads {@code namespace/name}.
     *
     * @throws RegistryException.InvalidInput if the text has not exactly one slash or a part is invalid
     */
    public static PackageId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || slash != text.lastIndexOf('/')) {
            throw new RegistryException.InvalidInput(
                    "package id", text, "write it as namespace/name, for example org.slf4j/slf4j-api");
        }
        return new PackageId(text.substring(0, slash), text.substring(slash + 1));
    }

    private static void check(String part, String value) {
        if (!PART.matcher(value).matches()) {
            throw new RegistryException.InvalidInput(
                    part,
                    value,
                    "use 1 to " + MAX_PART_LENGTH
                            + " letters, digits, dots, hyphens and underscores, beginning and ending with a letter or digit");
        }
    }

    @Override
    public int compareTo(PackageId other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** {@code namespace/name}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
