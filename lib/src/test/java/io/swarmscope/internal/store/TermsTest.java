package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import org.junit.jupiter.api.Test;

class TermsTest {
    private static final PackageManifest LANG = PackageManifest.of("org.apache/commons-lang3", "3.14", "Apache Commons Lang")
            .withDescription("Helper utilities for the java.lang API, host of STRING methods")
            .withCategories("Utilities", "core library")
            .withTags("text", "Reflection");

    @Test
    void everyWordMustOccurSomewhereWhateverItsCase() {
        assertMatches(Query.text("COMMONS utilities"));
        assertMatches(Query.text("string"));
        assertMatches(Query.text("  lang3\t\n helper "));
        assertMatches(Query.text("Reflection"));
        assertMatches(Query.text(""));
        assertNoMatch(Query.text("commons logging"));
        assertNoMatch(Query.text("commons lang4"));
    }

    @Test
    void aWordDoesNotMatchACategoryNorAcrossFields() {
        assertNoMatch(Query.text("core"));
        assertNoMatch(Query.text("lang3apache"));
    }

    @Test
    void anyOfTheCategoriesAndAnyOfTheTagsMustBeThere() {
        assertMatches(Query.all().inCategories("nothing", "UTILITIES"));
        assertMatches(Query.all().inCategories("core library").withTags("TEXT"));
        assertMatches(Query.text("lang").inCategories("Utilities").withTags("a", "b", "reflection"));
        assertNoMatch(Query.all().inCategories("util"));
        assertNoMatch(Query.all().inCategories("library"));
        assertNoMatch(Query.all().withTags("tex"));
        assertNoMatch(Query.all().withTags("Utilities"));
        assertNoMatch(Query.all().inCategories("text"));
        assertNoMatch(Query.all().inCategories("Utilities").withTags("json"));
    }

    @Test
    void theNameCountsMoreThanTheTitleThanTagsThanTheDescription() {
        PackageManifest named = PackageManifest.of("org/json", "1", "x");
        PackageManifest begins = PackageManifest.of("org/json-simple", "1", "x");
        PackageManifest contains = PackageManifest.of("org/fast-json", "1", "x");
        PackageManifest inside = PackageManifest.of("org/fastjson", "1", "x");
        PackageManifest titled = PackageManifest.of("org/gson", "1", "Reads JSON");
        PackageManifest tagged = PackageManifest.of("org/gson", "1", "x").withTags("json");
        PackageManifest spaced = PackageManifest.of("org.json/x", "1", "x");
        PackageManifest described = PackageManifest.of("org/gson", "1", "x").withDescription("for json");
        Query json = Query.text("JSON");

        double[] scores = {
            score(json, named), score(json, begins), score(json, contains), score(json, inside), score(json, titled),
            score(json, tagged), score(json, spaced), score(json, described)
        };

        assertThat(scores[0]).isEqualTo(1);
        assertThat(scores).isSortedAccordingTo(java.util.Comparator.reverseOrder()).doesNotHaveDuplicates();
        assertThat(scores[scores.length - 1]).isPositive();
    }

    @Test
    void theWholeIdIsAnExactMatch() {
        assertThat(score(Query.text("ORG.apache/commons-LANG3"), LANG)).isEqualTo(1);
        assertThat(score(Query.text("commons-lang3"), LANG)).isEqualTo(1);
        assertThat(score(Query.text("commons-lang"), LANG)).isEqualTo(0.9);
    }

    @Test
    void lettersThatChangeTheirLengthInLowerCaseDoNoHarm() {
        PackageManifest turkish = PackageManifest.of("a/b", "1", "İİİ title").withTags("İ").withCategories("İ");

        assertThat(score(Query.text("title"), turkish)).isPositive();
        assertThat(score(Query.text("İİİ").withTags("İ").inCategories("İ"), turkish)).isPositive();
    }

    private static void assertMatches(Query query) {
        assertThat(score(query, LANG)).as("%s", query).isBetween(0.0, 1.0);
    }

    private static void assertNoMatch(Query query) {
        assertThat(score(query, LANG)).as("%s", query).isEqualTo(Terms.NO_MATCH);
    }

    private static double score(Query query, PackageManifest manifest) {
        return Terms.of(query).score(Document.of(manifest));
    }
}
