package io.swarmscope.host;

import java.io.IOException;

/** Answers inbound streams of one protocol. Runs on a virtual thread of its own for each stream. */
@FunctionalInterface
public interface StreamHandler {
    /**
     * Serves one stream. Returning closes the stream gracefully; throwing resets it. Exceptions are counted and logged
     * at debug level, because a remote peer can cause them at will.
     *
     * @throws IOException if the stream fails or the peer breaks the protocol
     * @throws InterruptedException if the host is closing
     */
    void handle(Stream stream) throws IOException, InterruptedException;
}
