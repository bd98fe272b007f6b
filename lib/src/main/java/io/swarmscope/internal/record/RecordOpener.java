package io.swarmscope.internal.record;

/** Verifies and reads records. What it says of bytes depends on nothing but them, so that what it said once can be said again. Thread-safe. */
@FunctionalInterface
public interface RecordOpener {

    /**
     * The record with these bytes.
     *
     * @throws RecordRefused with reason SIZE, SYNTAX or SIGNATURE
     */
    Signed<?> open(byte[] encoded) throws RecordRefused;
}
