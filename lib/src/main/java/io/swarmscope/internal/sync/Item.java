package io.swarmscope.internal.sync;

/**
 * What a node holds under one key, and how new it is. Immutable; any thread.
 *
 * @param key what it is about, 1 to {@link io.swarmscope.internal.wire.Limits#SYNC_KEY_BYTES} bytes of UTF-8
 * @param sequence positive; of two with one key the higher is the newer
 */
record Item(String key, long sequence) {}
