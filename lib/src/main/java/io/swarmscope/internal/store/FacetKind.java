package io.swarmscope.internal.store;

/** What packages are counted and filtered by. */
enum FacetKind {
    CATEGORY('c'),
    TAG('t'),
    LICENSE('l');

    private final char mark;

    FacetKind(char mark) {
        this.mark = mark;
    }

    /** The value as it is compared, apart from those of other kinds. */
    String key(String value) {
        return mark + Words.fold(value).strip();
    }
}
