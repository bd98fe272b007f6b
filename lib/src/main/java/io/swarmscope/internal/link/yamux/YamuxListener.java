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
     * @param reason why; a {@link io.swarmscope.host.HostException} of kind CONNECTION_CLOSED where one side closed, TIMED_OUT where the
     *     peer was silent or took nothing for too long
     */
    void closed(Throwable reason);

    /**
     * A stream was reset because a limit is reached: the peer has too many open, or sent more than can be kept for slow readers. The
     * session goes on.
     *
     * @param what which limit, in words
     */
    void refused(String what);

    /**
     * The peer broke the protocol; it is told so and the session closes. At most once, before {@link #closed}.
     *
     * @param what which rule, in words
     */
    void violation(String what);
}
