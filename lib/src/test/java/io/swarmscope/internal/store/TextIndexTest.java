package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.Facets;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Signed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TextIndexTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final long SEED = 20_261;

    private final Identity bob = Heads.someone();
    private final TextIndex index = new TextIndex();

    @Test
    void everyWordMustBeSomewhereInIdTitleTagsOrDescription() {
        put(PackageManifest.of("org.apache/commons-lang3", "3.14", "Apache Commons Lang")
                .withDescription("Helper utilities for the java.lang API, host of STRING methods")
                .withCategories("Utilities", "core library")
                .withTags("text", "Reflection"));

        for (String text : List.of(
                "COMMONS utilities", "string", "  lang3\t\n helper ", "Reflection", "org.apache", "commons-lang3", "lang", "commmons", "")) {
            assertThat(ids(Query.text(text))).as(text).hasSize(1);
        }
        for (String text : List.of("commons logging", "commons lang4", "core library", "lang3apache", "ommon langs", "???")) {
            assertThat(ids(Query.text(text))).as(text).isEmpty();
        }
    }

    @Test
    void anyOfTheCategoriesAnyOfTheTagsAndAnyOfTheLicencesMustBeThere() {
        put(PackageManifest.of("a/one", "1", "One").withCategories("Build", "core library").withTags("Text", "x").withLicense("Apache-2.0"));
        put(PackageManifest.of("a/two", "1", "Two").withCategories("web").withTags("text").withLicense("MIT"));
        put(PackageManifest.of("a/three", "1", "Three"));

        assertThat(ids(Query.all().inCategories("nothing", "BUILD"))).containsExactly("a/one");
        assertThat(ids(Query.all().inCategories("core library", "web").withTags("TEXT"))).containsExactly("a/one", "a/two");
        assertThat(ids(Query.all().withLicense("apache-2.0", "mit"))).containsExactly("a/one", "a/two");
        assertThat(ids(Query.text("two").withLicense("MIT").inCategories("web").withTags("text"))).containsExactly("a/two");
        assertThat(ids(Query.text("one").withLicense("MIT"))).isEmpty();
        assertThat(ids(Query.all().inCategories("core"))).as("a part is not the category").isEmpty();
        assertThat(ids(Query.all().withTags("web"))).as("a category is no tag").isEmpty();
        assertThat(ids(Query.all())).containsExactly("a/one", "a/three", "a/two");
    }

    @Test
    void whatIsNamedExactlyComesFirstThenWhereTheWordsStand() {
        put(PackageManifest.of("a/gson", "1", "x").withDescription("for json and more"));
        put(PackageManifest.of("b/fast-json-path", "1", "x"));
        put(PackageManifest.of("c/json", "1", "x"));
        put(PackageManifest.of("d/gson", "1", "Reads JSON").withDescription("for it and more"));
        put(PackageManifest.of("e/gson", "1", "x").withTags("json").withDescription("for it and more"));
        put(PackageManifest.of("json/x", "1", "x").withDescription("for it and more"));
        put(PackageManifest.of("g/jsonnet", "1", "x"));

        assertThat(ids(Query.text("JSON")))
                .containsExactly("c/json", "b/fast-json-path", "d/gson", "e/gson", "g/jsonnet", "a/gson", "json/x");
        assertThat(scores(Query.text("JSON")).getFirst()).isEqualTo(1);
        assertThat(scores(Query.text("B/fast-JSON-path"))).as("the whole id").containsExactly(1.0);
        assertThat(scores(Query.text("fast json path")).getFirst()).as("the words of the name").isBetween(0.9, 0.999);
    }

    @Test
    void aRareWordSaysMoreThanACommonOneAndWordsTypedRightMoreThanMistypedOnes() {
        for (int i = 0; i < 20; i++) {
            put(PackageManifest.of("a/library" + i, "1", "A library").withDescription("common library"));
        }
        put(PackageManifest.of("a/rare", "1", "A library").withDescription("quaternion").withTags("one"));
        put(PackageManifest.of("b/strings", "1", "String things"));
        put(PackageManifest.of("b/springs", "1", "Spring things"));

        assertThat(ids(Query.text("library quaternion"))).containsExactly("a/rare");
        assertThat(ids(Query.text("spring"))).containsExactly("b/springs", "b/strings");
        assertThat(ids(Query.text("string"))).containsExactly("b/strings", "b/springs");
    }

    @Test
    void textWithoutSpacesIsFound() {
        put(PackageManifest.of("jp/kensaku", "1", "日本語の全文検索ライブラリ"));
        put(PackageManifest.of("jp/other", "1", "検査"));

        for (String text : List.of("検索", "全文検索", "索ラ", "ライブラリ", "語", "リ")) {
            assertThat(ids(Query.text(text))).as(text).containsExactly("jp/kensaku");
        }
        assertThat(ids(Query.text("検"))).containsExactlyInAnyOrder("jp/kensaku", "jp/other");
        assertThat(ids(Query.text("文全"))).isEmpty();
    }

    @Test
    void theNewestComeFirstIfAskedFor() {
        put(manifest("a/x"), NOW.plusSeconds(2));
        put(manifest("b/x"), NOW.plusSeconds(3));
        put(manifest("d/x"), NOW.plusSeconds(1));
        put(manifest("c/x"), NOW.plusSeconds(3));

        Query newest = Query.text("x").orderedBy(Query.Order.NEWEST);
        assertThat(ids(newest)).containsExactly("b/x", "c/x", "a/x", "d/x");
        assertThat(index.search(newest, 3, 0).best()).extracting(m -> m.id().toString()).containsExactly("b/x", "c/x", "a/x");
    }

    @Test
    void facetsAreCountedOverAllMatchesWhateverTheLimit() {
        for (int i = 0; i < 6; i++) {
            put(PackageManifest.of("a/json" + i, "1", "x")
                    .withCategories(i < 4 ? "Web" : "web")
                    .withTags("t" + i % 3, "all")
                    .withLicense(i == 0 ? "" : i < 3 ? "MIT" : "Apache-2.0"));
        }
        put(PackageManifest.of("a/xml", "1", "x").withTags("other"));

        Facets facets = index.search(Query.text("json").withFacets(3), 1, 0).facets();

        assertThat(facets.categories()).containsExactly(new Facets.Count("Web", 6));
        assertThat(facets.tags())
                .containsExactly(new Facets.Count("all", 6), new Facets.Count("t0", 2), new Facets.Count("t1", 2));
        assertThat(facets.licenses()).containsExactly(new Facets.Count("Apache-2.0", 3), new Facets.Count("MIT", 2));
        assertThat(index.search(Query.text("json"), 1, 0).facets()).isEqualTo(Facets.NONE);
    }

    @Test
    void aValueListedInTwoSpellingsCountsOnceAndGoesWithItsPackage() {
        Indexed indexed = put(PackageManifest.of("a/x", "1", "x").withTags("Text", "TEXT", "text ").withCategories("C", "c"));

        assertThat(index.search(Query.all().withFacets(9), 1, 0).facets().tags()).containsExactly(new Facets.Count("Text", 1));
        assertThat(ids(Query.all().withTags(" tExt"))).containsExactly("a/x");

        index.remove(indexed);
        assertThat(ids(Query.all().withTags("text"))).isEmpty();
    }

    @Test
    void aPackageThatChangedIsFoundByItsNewWordsOnlyAndARenewedOneIsStillFound() {
        Indexed first = put(PackageManifest.of("a/x", "1", "Old title").withTags("old"));
        Indexed second = index.put(signed(PackageManifest.of("a/x", "2", "New title").withTags("new"), NOW), first);

        assertThat(ids(Query.text("old"))).isEmpty();
        assertThat(ids(Query.all().withTags("old"))).isEmpty();
        assertThat(ids(Query.text("new"))).containsExactly("a/x");

        Signed<Head> renewed = signed(PackageManifest.of("a/x", "2", "New title").withTags("new"), NOW.plusSeconds(9));
        Indexed third = index.put(renewed, second);
        assertThat(index.search(Query.text("new"), 1, 0).best().getFirst().encoded()).isEqualTo(renewed.encoded());

        index.remove(third);
        assertThat(ids(Query.all())).isEmpty();
        assertThat(index.search(Query.text("title"), 9, 0).total()).isZero();
    }

    @Test
    void anIndexThatChangedALotIsTheSameAsOneBuiltAnew() {
        TextIndex changing = new TextIndex(50); // gives numbers anew every now and then
        Random random = new Random(SEED);
        List<Corpus.Item> items = Corpus.of(SEED, 1_500);
        Map<String, Indexed> held = new HashMap<>();
        Map<String, Signed<Head>> heads = new TreeMap<>();
        for (int i = 0; i < 6_000; i++) {
            PackageManifest manifest = Corpus.pick(random, items.toArray(Corpus.Item[]::new)).manifest();
            String id = manifest.id().toString();
            if (random.nextInt(3) == 0) {
                Indexed gone = held.remove(id);
                if (gone != null) {
                    changing.remove(gone);
                    heads.remove(id);
                }
            } else {
                PackageManifest text = Corpus.pick(random, items.toArray(Corpus.Item[]::new)).manifest();
                Signed<Head> head = signed(random.nextBoolean() ? manifest : manifest.withDescription(text.description()), NOW);
                held.put(id, changing.put(head, held.get(id)));
                heads.put(id, head);
            }
        }
        TextIndex fresh = new TextIndex();
        heads.values().forEach(head -> fresh.put(head, null));

        for (Query query : new Queries(SEED, items).some(300)) {
            assertSame(changing.search(query, 50, 0), fresh.search(query, 50, 0), "seed " + SEED + ", " + query);
        }
    }

    private static void assertSame(Matches one, Matches other, String what) {
        assertThat(one.total()).as(what).isEqualTo(other.total());
        assertThat(one.best()).extracting(Match::id).as(what).isEqualTo(other.best().stream().map(Match::id).toList());
        assertThat(one.best()).extracting(Match::score).as(what).isEqualTo(other.best().stream().map(Match::score).toList());
        assertThat(counts(one.facets())).as(what).isEqualTo(counts(other.facets()));
    }

    /** The spelling is that of whoever came first. */
    private static List<String> counts(Facets facets) {
        List<String> counts = new ArrayList<>();
        for (List<Facets.Count> kind : List.of(facets.categories(), facets.tags(), facets.licenses())) {
            kind.forEach(count -> counts.add(count.value().toLowerCase(java.util.Locale.ROOT) + " " + count.count()));
        }
        return counts;
    }

    @Test
    void whatHasExpiredIsNotFound() {
        put(manifest("a/x"));
        long end = NOW.plusSeconds(3_600).toEpochMilli();

        assertThat(index.search(Query.text("x"), 9, end - 1).total()).isEqualTo(1);
        assertThat(index.search(Query.text("x"), 9, end).total()).isZero();
    }

    private static PackageManifest manifest(String id) {
        return PackageManifest.of(id, "1", "x");
    }

    private Indexed put(PackageManifest manifest) {
        return put(manifest, NOW);
    }

    private Indexed put(PackageManifest manifest, Instant signed) {
        return index.put(signed(manifest, signed), null);
    }

    private Signed<Head> signed(PackageManifest manifest, Instant time) {
        return RecordCodec.seal(bob, Heads.head(manifest, 1, time));
    }

    private List<String> ids(Query query) {
        return index.search(query, 1_000, 0).best().stream().map(m -> m.id().toString()).toList();
    }

    private List<Double> scores(Query query) {
        return index.search(query, 1_000, 0).best().stream().map(Match::score).toList();
    }
}
