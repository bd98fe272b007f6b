package io.swarmscope.internal.link.yamux;

/**
 * Hears what happens to a session. Called on the session's reader thread, which answers pings and feeds every other
 * stream: implementations hand over and return, they must not block.
 */
public interface YamuxListener {

    /**
     * The peer opened a stream; it is acknowledged already. Its bytes wait in bounded buffers until somebody reads them.
     *
     * @param stream with the session's inbound timeout set; whoever takes it sets his own and closes it
     */
    void inbound(YamuxStream stream);

    /**
     * The session ended: both threads have stopped or are about to, every stream has failed or will do so at its next call.
     * Called exactly once, last.
     *
     * @param reason why; a {@link io.swarmscope.host.HostException} of kind CONNECTION_CLOSED where one side closed
     */
    void closed(Throwable reason);

    /**
     * The peer broke the protocol; it is told so and the session closes. At most once, before {@link #closed}.
     *
     * @param what which rule, in words
     */
    void violation(String what);
}
