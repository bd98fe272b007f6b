package io.swarmscope;

import java.time.Duration;

/**
 * What a {@link Registry#publish} or {@link Registry#unpublish} did.
 *
 * @param id the package
 * @param version the version published or withdrawn
 * @param sequence the record's sequence number
 * @param size the signed record's size in bytes
 * @param storedAt how many other peers store the record
 * @param wanted how many peers nearest to the key were meant to store it
 * @param elapsed how long it took
 */
public record PublishReceipt(
        PackageId id, String version, long sequence, int size, int storedAt, int wanted, Duration elapsed) {

    /**
     * Whether as many peers store the record as should. If not, it is put again from the outbox until they do, also after a restart if this node has a
     * data directory.
     */
    public boolean complete() {
        return storedAt > 0 && storedAt >= wanted;
    }

    /** Whether at least one other peer stores the record. If not, it is offered again when peers are there. */
    public boolean reachedNetwork() {
        return storedAt > 0;
    }
}
