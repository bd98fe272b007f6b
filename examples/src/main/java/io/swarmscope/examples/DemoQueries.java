package io.swarmscope.examples;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the demo asks: chosen from what was published, so that there is something to find on every machine.
 *
 * @param byText a word that some packages have and most have not
 * @param byCategory a category, with a limit that its packages fill
 * @param firstAnswer the words of one package's name, where one answer is enough
 * @param exact the package with the most versions
 */
record DemoQueries(Query byText, Query byCategory, Query firstAnswer, PackageId exact) {
    private static final List<String> GOOD_WORDS =
            List.of("json", "logging", "compression", "parser", "testing", "xml", "http", "junit", "test", "plugin", "maven");
    private static final List<String> GOOD_CATEGORIES = List.of("maven-plugin", "bom", "jar", "pom");
    private static final List<String> GOOD_PACKAGES =
            List.of("slf4j-api", "junit-jupiter", "guava", "commons-lang3", "logback-classic", "jackson-databind");
    private static final int FEW = 2;
    private static final int MANY = 12;

    /** @param packages what was published; not empty */
    static DemoQueries of(List<PackageManifest> packages, Map<PackageId, Integer> versions) {
        Map<String, Integer> words = new HashMap<>();
        Map<String, Integer> categories = new HashMap<>();
        for (PackageManifest manifest : packages) {
            wordsOf(manifest).forEach(w -> words.merge(w, 1, Integer::sum));
            manifest.categories().forEach(c -> categories.merge(c, 1, Integer::sum));
        }
        String word = GOOD_WORDS.stream()
                .filter(w -> words.getOrDefault(w, 0) >= FEW && words.getOrDefault(w, 0) <= MANY)
                .findFirst()
                .orElseGet(() -> closestTo(8, words));
        String category = GOOD_CATEGORIES.stream()
                .filter(c -> categories.getOrDefault(c, 0) >= FEW)
                .findFirst()
                .orElseGet(() -> closestTo(MANY, categories));
        Map<String, PackageManifest> byName = packages.stream()
                .collect(Collectors.toMap(m -> m.id().name(), Function.identity(), (a, b) -> a));
        PackageManifest one = GOOD_PACKAGES.stream()
                .flatMap(name -> Optional.ofNullable(byName.get(name)).stream())
                .findFirst()
                .orElse(packages.getFirst());
        Set<PackageId> usable = packages.stream()
                .filter(m -> !m.categories().contains("pom"))
                .map(PackageManifest::id)
                .collect(Collectors.toSet());
        PackageId exact = versions.entrySet().stream()
                .filter(e -> usable.isEmpty() || usable.contains(e.getKey()))
                .max(Comparator.<Map.Entry<PackageId, Integer>>comparingInt(Map.Entry::getValue)
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(one.id());
        return new DemoQueries(
                Query.text(word).limit(MANY),
                Query.all().inCategories(category).limit(Math.min(6, categories.getOrDefault(category, 1))),
                Query.text(one.id().name().replaceAll("[._-]+", " ")).limit(1),
                exact);
    }

    private static String closestTo(int wanted, Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .min(Comparator.<Map.Entry<String, Integer>>comparingInt(e -> Math.abs(e.getValue() - wanted))
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("a");
    }

    private static Set<String> wordsOf(PackageManifest manifest) {
        Set<String> words = new LinkedHashSet<>();
        String text = manifest.id().name() + " " + manifest.title() + " " + manifest.description();
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
            if (word.length() >= 4 || (GOOD_WORDS.contains(word) && !word.isEmpty())) {
                words.add(word);
            }
        }
        return new HashSet<>(words);
    }
}
