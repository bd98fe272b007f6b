package io.swarmscope.internal.store;

/**
 * How much a word says where it stands, between 0 and 1: BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
 * 2009, section 3.6). Occurrences are weighted by their field and by how long the field is against the average, summed, and then saturated, so that
 * a second place says less than the first. Immutable; any thread.
 */
final class Weights {

    /**
     * So many packages with fields of usual lengths are thought to be there besides: the average of a handful would say that the first tag is one
     * too many.
     */
    private static final int USUAL = 10;

    private static final int USUAL_NAME = 3;
    private static final int USUAL_TITLE = 5;
    private static final int USUAL_TAGS = 3;
    private static final int USUAL_DESCRIPTION = 20;

    private static final float SATURATION = 1.2f;

    private static final float NAME = 6;
    private static final float TITLE = 2.5f;
    private static final float TAGS = 2;
    private static final float NAMESPACE = 0.5f;
    private static final float DESCRIPTION = 1;

    /** How much the length of a field counts, 0 to 1. Long names are other packages' names with something added. */
    private static final float NAME_LENGTH = 0.75f;

    private static final float TITLE_LENGTH = 0.6f;
    private static final float TAGS_LENGTH = 0.4f;
    private static final float DESCRIPTION_LENGTH = 0.5f;

    private final Sums sums;

    // What one occurrence counts, by the length of the field: dividing for each would take longer than all the rest.
    private final float[] names;
    private final float[] titles;
    private final float[] tags;
    private final float[] descriptions;

    /** By the sums over all packages. */
    Weights(Sums sums) {
        this.sums = sums;
        names = table(Document.NAME_LENGTHS, NAME, NAME_LENGTH, average(sums.name(), USUAL_NAME));
        titles = table(Document.TITLE_LENGTHS, TITLE, TITLE_LENGTH, average(sums.title(), USUAL_TITLE));
        tags = table(Document.TAGS_LENGTHS, TAGS, TAGS_LENGTH, average(sums.tags(), USUAL_TAGS));
        descriptions = table(
                Document.DESCRIPTION_LENGTHS, DESCRIPTION, DESCRIPTION_LENGTH, average(sums.description(), USUAL_DESCRIPTION));
    }

    private float average(long sum, int usual) {
        return (sum + (float) USUAL * usual) / (sums.packages() + USUAL);
    }

    private static float[] table(int lengths, float weight, float share, float average) {
        float[] table = new float[lengths];
        float perWord = share / average;
        for (int length = 0; length < lengths; length++) {
            table[length] = weight / (1 - share + perWord * length);
        }
        return table;
    }

    /** By which they were made. */
    Sums sums() {
        return sums;
    }

    /** How much a word says that stands there in a package with such lengths; see {@link Document}. */
    float of(int where, int lengths) {
        float sum = (where & Document.TIMES_IN_DESCRIPTION) * descriptions[Document.descriptionLength(lengths)];
        if ((where & ~Document.TIMES_IN_DESCRIPTION) != 0) {
            sum += (where & Document.IN_NAME) == 0 ? 0 : names[Document.nameLength(lengths)];
            sum += (where & Document.IN_TITLE) == 0 ? 0 : titles[Document.titleLength(lengths)];
            sum += (where & Document.IN_TAGS) == 0 ? 0 : tags[Document.tagsLength(lengths)];
            sum += (where & Document.IN_NAMESPACE) == 0 ? 0 : NAMESPACE;
        }
        return sum / (SATURATION + sum);
    }

    /** How much a word distinguishes that so many packages have. */
    double rarity(int having) {
        int among = Math.max(sums.packages(), having);
        return Math.log(1 + (among - having + 0.5) / (having + 0.5));
    }

    /** How many packages there are and how many words their fields have in all. */
    record Sums(int packages, long name, long title, long tags, long description) {

        static final Sums ZERO = new Sums(0, 0, 0, 0, 0);

        /** With a package of such lengths more, or less with -1. */
        Sums with(int lengths, int by) {
            return new Sums(
                    packages + by,
                    name + (long) by * Document.nameLength(lengths),
                    title + (long) by * Document.titleLength(lengths),
                    tags + (long) by * Document.tagsLength(lengths),
                    description + (long) by * Document.descriptionLength(lengths));
        }
    }
}
