package io.swarmscope.internal.store;

import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The obvious, slow way to find out which packages match: every word of the query against every word of the package. Knows ASCII words only. */
final class Oracle {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+");
    /** Lower before upper case, the last capital before a lower-case letter, and digits before three letters. */
    private static final Pattern PART = Pattern.compile(
            "(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])|(?<=[0-9])(?=[A-Za-z]{3})");

    private Oracle() {}

    /** With the words of the manifest, which take long to find. */
    static boolean matches(Query query, PackageManifest manifest, Set<String> words) {
        return asked(query.text()).stream().allMatch(asked -> words.stream().anyMatch(word -> isLike(asked, word)))
                && any(query.categories(), manifest.categories())
                && any(query.tags(), manifest.tags())
                && any(query.licenses(), List.of(manifest.license()));
    }

    private static boolean any(Collection<String> wanted, Collection<String> there) {
        return wanted.isEmpty() || wanted.stream().anyMatch(w -> there.stream().anyMatch(t -> t.equalsIgnoreCase(w)));
    }

    static List<String> asked(String text) {
        return WORD.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC))
                .results()
                .map(r -> r.group().toLowerCase(Locale.ROOT))
                .toList();
    }

    static Set<String> words(PackageManifest manifest) {
        List<String> texts = new ArrayList<>(manifest.tags());
        texts.addAll(List.of(manifest.id().namespace(), manifest.id().name(), manifest.title(), manifest.description()));
        Set<String> words = new HashSet<>();
        for (String text : texts) {
            WORD.matcher(text).results().forEach(r -> {
                words.add(r.group().toLowerCase(Locale.ROOT));
                for (String part : PART.split(r.group())) {
                    if (part.length() > 1) {
                        words.add(part.toLowerCase(Locale.ROOT));
                    }
                }
            });
        }
        return words;
    }

    static boolean isLike(String asked, String word) {
        boolean forgives = asked.chars().filter(Character::isLetter).count() >= 5;
        boolean comparable = forgives && Math.abs(asked.length() - word.length()) <= 1;
        return word.startsWith(asked) || (comparable && distance(asked, word) <= 1 && digits(asked).equals(digits(word)));
    }

    private static String digits(String word) {
        return word.replaceAll("[^0-9]", "");
    }

    /** Damerau and Levenshtein's, by the table of all beginnings. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
