package io.swarmscope.internal.store;

import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What people may look for in a {@link Corpus}: names, words, beginnings and mistyped words of its packages, alone and together, filtered or not. */
final class Queries {

    private final Random random;
    private final List<Corpus.Item> items;

    Queries(long seed, List<Corpus.Item> items) {
        this.random = new Random(seed);
        this.items = items;
    }

    List<Query> some(int count) {
        return Stream.generate(this::one).limit(count).toList();
    }

    private Query one() {
        PackageManifest manifest = any();
        Query query = random.nextInt(12) == 0 ? Query.text(name(manifest)) : Query.text(words(manifest));
        if (random.nextInt(5) == 0) {
            query = query.inCategories(any().categories().getFirst(), manifest.categories().getFirst());
        }
        if (random.nextInt(6) == 0) {
            query = query.withTags(manifest.tags().getFirst().toUpperCase(java.util.Locale.ROOT));
        }
        if (random.nextInt(6) == 0 && !manifest.license().isEmpty()) {
            query = query.withLicense(manifest.license(), "MIT");
        }
        return random.nextInt(4) == 0 ? query.orderedBy(Query.Order.NEWEST) : query.withFacets(5);
    }

    private String name(PackageManifest manifest) {
        return random.nextBoolean() ? manifest.id().toString() : manifest.id().name();
    }

    private String words(PackageManifest manifest) {
        List<String> words = new ArrayList<>(Oracle.words(manifest)).stream().sorted().toList();
        List<String> asked = new ArrayList<>();
        for (int i = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(3); i > 0; i--) {
            // Mostly of one package, now and then of another, so that there are answers and there are none.
            List<String> from = random.nextInt(8) == 0 ? new ArrayList<>(Oracle.words(any())).stream().sorted().toList() : words;
            String word = from.get(random.nextInt(from.size()));
            asked.add(switch (random.nextInt(4)) {
                case 0 -> word.substring(0, 1 + random.nextInt(word.length()));
                case 1 -> word.length() > 5 ? Corpus.mistyped(random, word) : word;
                default -> word;
            });
        }
        return String.join(" ", asked);
    }

    private PackageManifest any() {
        return items.get(random.nextInt(items.size())).manifest();
    }
}
