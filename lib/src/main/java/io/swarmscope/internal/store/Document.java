package io.swarmscope.internal.store;

import io.swarmscope.PackageManifest;
import java.util.List;
import java.util.Locale;

/**
 * What of a package is searched, in one lower-case string: id, title, tags and description, then categories, each behind the other. Immutable;
 * any thread. One string and five numbers take half the memory of a string per field, and a word that is nowhere is found out by one search.
 *
 * <p>{@code namespace/name NUL title NUL SOH tag SOH tag SOH NUL description NUL SOH category SOH}: texts of manifests hold no such
 * characters.
 */
public final class Document {

    private static final char BETWEEN = 1;

    private final String text;
    private final short name;
    private final short title;
    private final short tags;
    private final short description;
    private final short categories;

    private Document(String text, int name, int title, int tags, int description, int categories) {
        this.text = text;
        this.name = (short) name;
        this.title = (short) title;
        this.tags = (short) tags;
        this.description = (short) description;
        this.categories = (short) categories;
    }

    /** Of a manifest. Its limits keep the text below 8,000 characters, below 24,000 where lower case is longer. */
    public static Document of(PackageManifest manifest) {
        StringBuilder text = new StringBuilder(512);
        text.append(lower(manifest.id().toString())).append('\0');
        int title = text.length();
        text.append(lower(manifest.title())).append('\0');
        int tags = text.length();
        appendWords(text, manifest.tags());
        int description = text.length();
        text.append(lower(manifest.description())).append('\0');
        int categories = text.length();
        appendWords(text, manifest.categories());
        int name = manifest.id().namespace().length() + 1; // ASCII, so lower case has the same length
        return new Document(text.toString(), name, title, tags, description, categories);
    }

    private static void appendWords(StringBuilder text, List<String> words) {
        if (!words.isEmpty()) {
            text.append(BETWEEN);
            words.forEach(word -> text.append(lower(word)).append(BETWEEN));
        }
        text.append('\0');
    }

    /** How text is folded on both sides of a comparison. */
    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** A tag or category as it is looked for by {@link #hasTag} and {@link #hasCategory}. */
    static String asWord(String tagOrCategory) {
        return BETWEEN + lower(tagOrCategory) + BETWEEN;
    }

    /** Whether a word is anywhere but in the categories. */
    boolean has(String word) {
        return text.indexOf(word, 0, categories) >= 0;
    }

    /** Whether it has a tag, given as {@link #asWord}. */
    boolean hasTag(String tag) {
        return text.indexOf(tag, tags, description) >= 0;
    }

    /** Whether it is in a category, given as {@link #asWord}. */
    boolean hasCategory(String category) {
        return text.indexOf(category, categories) >= 0;
    }

    /** Whether the package's name, or its whole id, is this text. */
    boolean isNamed(String whole) {
        int length = title - 1 - name;
        return (whole.length() == length && text.startsWith(whole, name))
                || (whole.length() == title - 1 && text.startsWith(whole));
    }

    /** Whether the package's name begins with this text. */
    boolean nameBeginsWith(String beginning) {
        return text.startsWith(beginning, name);
    }

    Place inName(String word) {
        return place(word, name, title);
    }

    Place inTitle(String word) {
        return place(word, title, tags);
    }

    Place inTags(String word) {
        return place(word, tags, description);
    }

    Place inId(String word) {
        return place(word, 0, title);
    }

    Place inDescription(String word) {
        return place(word, description, categories);
    }

    /** Where a word stands in a field. */
    enum Place {
        /** It does not. */
        NOWHERE,
        /** Inside of a word. */
        INSIDE,
        /** At the beginning of a word. */
        BEGINNING
    }

    private Place place(String word, int from, int to) {
        Place best = Place.NOWHERE;
        for (int at = text.indexOf(word, from, to); at >= 0; at = text.indexOf(word, at + 1, to)) {
            if (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1))) {
                return Place.BEGINNING;
            }
            best = Place.INSIDE;
        }
        return best;
    }
}
