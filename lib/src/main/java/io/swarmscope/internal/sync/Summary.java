package io.swarmscope.internal.sync;

/** What stands for all the items of a range. Immutable; any thread. */
record Summary(long count, Fingerprint fingerprint) {}
