package io.swarmscope.internal.kad;

/** What a {@link Run} wants next. Immutable. */
sealed interface Step {

    /**
     * Ask a peer, then call {@link Run#next} again: there may be more to ask.
     *
     * @param by who is told the answer or the failure
     * @param to whom to ask, with the addresses other peers named
     * @param request what to ask
     * @param deadline when the answer is of no use any more
     */
    record Ask(Asker by, PeerInfo to, Request request, long deadline) implements Step {}

    /**
     * Nothing to do until an answer or a failure comes, or until that time.
     *
     * @param until when to call {@link Run#next} at the latest
     */
    record Wait(long until) implements Step {}

    /**
     * It ended; from now on {@link Run#next} says the same.
     *
     * @param result how
     */
    record Done(OperationResult result) implements Step {}
}
