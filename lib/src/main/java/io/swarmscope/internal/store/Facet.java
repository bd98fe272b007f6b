package io.swarmscope.internal.store;

/** A category, tag or licence: one object for all packages that have it. Immutable; any thread. */
final class Facet {

    final FacetKind kind;

    /** In the spelling of whoever came first. */
    final String label;

    Facet(FacetKind kind, String label) {
        this.kind = kind;
        this.label = label;
    }
}
