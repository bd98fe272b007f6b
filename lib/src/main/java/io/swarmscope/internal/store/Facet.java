package io.swarmscope.internal.store;

/** A category, tag or licence: one object for all packages that have it. Immutable; any thread. */
final class Facet {

    final FacetKind kind;

    /** In the spelling of whoever came first. */
    final String label;

    /** Of the label, all bits used. */
    final int spread;

    Facet(FacetKind kind, String label) {
        this.kind = kind;
        this.label = label;
        int hash = label.hashCode() * 0x9E3779B1;
        this.spread = hash ^ (hash >>> 16);
    }
}
