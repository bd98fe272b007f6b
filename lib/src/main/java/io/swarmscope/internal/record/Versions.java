package io.swarmscope.internal.record;

import io.swarmscope.RegistryException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.semver4j.Semver;
import org.semver4j.SemverException;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/**
 * The order of versions. Stateless; any thread. Total and the same on every node: semantic versions as semver says; others are read as far as
 * they can be ({@code 4.1.100.Final}, {@code 2.0.0.M1}, {@code 1.0-SNAPSHOT}, {@code 1.2}), with Maven's words for what comes before a
 * release; what does not begin with a number comes before everything; and where that leaves two equal, their text decides.
 */
public final class Versions {

    /** Up to four numbers of nine digits, then anything. */
    private static final Pattern LOOSE =
            Pattern.compile("[vV]?(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?(?:[.+_-]?(.*))?");

    /** What stands behind the numbers of something that is not released yet, and perhaps a number of its own. */
    private static final Pattern BEFORE_RELEASE = Pattern.compile(
            "(alpha|a|beta|b|milestone|m|rc|cr|pre|preview|ea|dev|snapshot)(?:[._-]?(\\d{1,9}))?(?:[._-].*)?");

    /** The newest one first. */
    public static final Comparator<String> NEWEST_FIRST = Comparator.comparing(Versions::rank).reversed();

    /** One bound of a range: an operator and as much of a version as it needs. */
    private static final String BOUND = "(?:[<>]=?|=|~>?|\\^)?\\s*[vV]?(?:\\d{1,9}|[xX*])(?:\\.(?:\\d{1,9}|[xX*])){0,2}(?:[-+][0-9A-Za-z.+-]+)?";

    /** What the library reads as a range, and no more: it drops what it does not understand, and would find too much. */
    private static final Pattern RANGE = Pattern.compile(
            "\\s*" + BOUND + "(?:\\s+(?:-\\s+)?" + BOUND + ")*(?:\\s*\\|\\|\\s*" + BOUND + "(?:\\s+(?:-\\s+)?" + BOUND + ")*)*\\s*");

    private static final int RANGE_CHARS = 256;

    private Versions() {}

    /**
     * Those of the versions that are in a range, in their order.
     *
     * @param range in npm's notation
     * @throws RegistryException.InvalidInput if it is malformed
     */
    public static List<String> inRange(String range, List<String> versions) {
        if (range.length() > RANGE_CHARS || !RANGE.matcher(range).matches()) {
            throw new RegistryException.InvalidInput(
                    "version range", range, "use npm's notation, for example ^1.2.0, >=2.0.0 <3.0.0 or 1.x || 3.x");
        }
        RangeList ranges = RangeListFactory.create(range);
        return versions.stream()
                .filter(version -> {
                    Semver semver = rank(version).semver;
                    return semver != null && ranges.isSatisfiedBy(semver);
                })
                .toList();
    }

    /** The versions, each once, the newest first. */
    public static List<String> newestFirst(Collection<String> versions) {
        return versions.stream()
                .distinct()
                .map(Versions::rank)
                .sorted(Comparator.reverseOrder())
                .map(Rank::text)
                .toList();
    }

    private static Rank rank(String version) {
        Semver strict = parse(version);
        if (strict != null) {
            return new Rank(strict, 0, version);
        }
        Matcher loose = LOOSE.matcher(version);
        if (!loose.matches()) {
            return new Rank(null, 0, version);
        }
        String numbers = number(loose.group(1)) + "." + number(loose.group(2)) + "." + number(loose.group(3));
        return new Rank(parse(numbers + preRelease(loose.group(5))), number(loose.group(4)), version);
    }

    private static String preRelease(@Nullable String qualifier) {
        if (qualifier == null) {
            return "";
        }
        Matcher before = BEFORE_RELEASE.matcher(qualifier.toLowerCase(Locale.ROOT));
        if (!before.matches()) {
            return "";
        }
        String word = switch (before.group(1)) {
            case "a" -> "alpha";
            case "b" -> "beta";
            case "m" -> "milestone";
            case "cr" -> "rc";
            default -> before.group(1);
        };
        return "-" + word + (before.group(2) == null ? "" : "." + number(before.group(2)));
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static @Nullable Semver parse(String version) {
        try {
            return Semver.parse(version);
        } catch (SemverException | NumberFormatException e) { // a number too large for it
            return null;
        }
    }

    private record Rank(@Nullable Semver semver, int fourth, String text) implements Comparable<Rank> {
        private static final Comparator<Rank> ORDER = Comparator.comparing(
                        Rank::semver, Comparator.nullsFirst(Comparator.<Semver>naturalOrder()))
                .thenComparingInt(Rank::fourth)
                .thenComparing(Rank::text);

        @Override
        public int compareTo(Rank other) {
            return ORDER.compare(this, other);
        }
    }
}
