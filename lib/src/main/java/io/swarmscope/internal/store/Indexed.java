package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Signed;

/**
 * A package as the index refers to it: what a search needs once it knows that the package matches. Any thread reads it; the number is the writer's.
 */
final class Indexed {

    final PackageId id;
    final byte[] encoded;
    final long publishedAt;
    final long expiresAt;
    final Facet[] facets;

    /** Under which number its words are held; touched with the index's lock held. */
    int number;

    Indexed(PackageId id, Signed<Head> head, Facet[] facets) {
        this.id = id;
        this.encoded = head.encoded();
        this.publishedAt = head.record().publishedAt().toEpochMilli();
        this.expiresAt = head.record().expiresAt().toEpochMilli();
        this.facets = facets;
    }

    Document document() {
        return Document.of(Match.head(encoded).record().manifest());
    }
}
