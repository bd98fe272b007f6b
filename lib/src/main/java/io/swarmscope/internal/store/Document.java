package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a package is searched: its words, where each stands, and how long each field is. Not thread-safe; lives for as long as a package is
 * added, removed or scored.
 *
 * <p>Where a word stands is one byte: a bit for each of the short fields, in which a repetition says nothing, and how often it is in the
 * description. The lengths are one number.
 */
final class Document {

    static final int IN_NAME = 0x80;
    static final int IN_TITLE = 0x40;
    static final int IN_TAGS = 0x20;
    static final int IN_NAMESPACE = 0x10;
    static final int TIMES_IN_DESCRIPTION = 0x0f;

    static final int NAME_LENGTHS = 64;
    static final int TITLE_LENGTHS = 256;
    static final int TAGS_LENGTHS = 256;
    static final int DESCRIPTION_LENGTHS = 1024;

    private static final int TITLE_SHIFT = 6;
    private static final int TAGS_SHIFT = 14;
    private static final int DESCRIPTION_SHIFT = 22;

    private final PackageManifest manifest;
    private final Map<String, Integer> words = new HashMap<>(128);
    private final int lengths;

    private Document(PackageManifest manifest) {
        this.manifest = manifest;
        add(manifest.id().namespace(), IN_NAMESPACE);
        int name = add(manifest.id().name(), IN_NAME);
        int title = add(manifest.title(), IN_TITLE);
        int tags = 0;
        for (String tag : manifest.tags()) {
            tags += add(tag, IN_TAGS);
        }
        int description = Words.of(manifest.description(), this::addDescribing);
        lengths = Math.min(name, NAME_LENGTHS - 1)
                | (Math.min(title, TITLE_LENGTHS - 1) << TITLE_SHIFT)
                | (Math.min(tags, TAGS_LENGTHS - 1) << TAGS_SHIFT)
                | (Math.min(description, DESCRIPTION_LENGTHS - 1) << DESCRIPTION_SHIFT);
    }

    static Document of(PackageManifest manifest) {
        return new Document(manifest);
    }

    private int add(String text, int field) {
        return Words.of(text, word -> words.merge(word, field, (before, one) -> before | one));
    }

    private void addDescribing(String word) {
        words.merge(word, 1, (before, one) -> (before & TIMES_IN_DESCRIPTION) == TIMES_IN_DESCRIPTION ? before : before + 1);
    }

    PackageId id() {
        return manifest.id();
    }

    /** Where each word stands. */
    Map<String, Integer> words() {
        return words;
    }

    int lengths() {
        return lengths;
    }

    /** What it is counted and filtered by, of one kind. */
    List<String> values(FacetKind kind) {
        return switch (kind) {
            case CATEGORY -> manifest.categories();
            case TAG -> manifest.tags();
            case LICENSE -> manifest.license().isBlank() ? List.of() : List.of(manifest.license());
        };
    }

    /** Whether a search cannot tell the two apart. */
    boolean reads(Document other) {
        return lengths == other.lengths
                && words.equals(other.words)
                && manifest.categories().equals(other.manifest.categories())
                && manifest.tags().equals(other.manifest.tags())
                && manifest.license().equals(other.manifest.license());
    }

    static int nameLength(int lengths) {
        return lengths & (NAME_LENGTHS - 1);
    }

    static int titleLength(int lengths) {
        return (lengths >>> TITLE_SHIFT) & (TITLE_LENGTHS - 1);
    }

    static int tagsLength(int lengths) {
        return (lengths >>> TAGS_SHIFT) & (TAGS_LENGTHS - 1);
    }

    static int descriptionLength(int lengths) {
        return lengths >>> DESCRIPTION_SHIFT;
    }
}
