package io.swarmscope.internal.search;

import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport.Cause;
import io.swarmscope.SearchReport.Outcome;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;

/**
 * How asking a peer ended, in the words of the report. Immutable; any thread.
 *
 * @param again whether the same peer may do better if it is asked again soon
 */
record Fault(Outcome outcome, Cause cause, String detail, boolean again) {

    static final Fault NONE = new Fault(Outcome.ANSWERED, Cause.NONE, "");
    static final Fault EMPTY = new Fault(Outcome.ANSWERED, Cause.EMPTY, "");
    static final Fault SILENT = new Fault(Outcome.TIMED_OUT, Cause.TIMED_OUT, "no answer in time");
    static final Fault NOT_WAITED_FOR = new Fault(Outcome.CANCELLED, Cause.CANCELLED, "not waited for");
    static final Fault OVERTAKEN = new Fault(Outcome.CANCELLED, Cause.HEDGED, "another was quicker");

    Fault(Outcome outcome, Cause cause, String detail) {
        this(outcome, cause, detail, false);
    }

    /**
     * What a failure means.
     *
     * @param sent whether the peer had been sent the question
     */
    static Fault of(Throwable failure, boolean sent) {
        String detail = String.valueOf(failure.getMessage());
        return switch (failure) {
            case Dishonest e -> new Fault(Outcome.MISBEHAVED, Cause.DISHONEST, detail);
            case MalformedException e -> new Fault(Outcome.MISBEHAVED, Cause.MALFORMED, detail);
            case Refused e -> new Fault(Outcome.FAILED, Cause.REFUSED, detail);
            case HostException e -> of(e.kind(), detail, sent);
            case IOException e -> broken(detail, sent);
            case InterruptedException e -> NOT_WAITED_FOR;
            case RegistryException e -> new Fault(Outcome.FAILED, Cause.UNREACHABLE, detail);
            default -> new Fault(Outcome.FAILED, Cause.UNREACHABLE, failure.toString());
        };
    }

    private static Fault of(HostException.Kind kind, String detail, boolean sent) {
        return switch (kind) {
            case TIMED_OUT -> new Fault(Outcome.TIMED_OUT, Cause.TIMED_OUT, detail);
            case INTERRUPTED -> NOT_WAITED_FOR;
            case PROTOCOL_UNSUPPORTED -> new Fault(Outcome.FAILED, Cause.REFUSED, detail);
            case PROTOCOL_VIOLATION -> new Fault(Outcome.MISBEHAVED, Cause.MALFORMED, detail);
            case STREAM_RESET, CONNECTION_CLOSED -> broken(detail, sent);
            case LIMIT_REACHED -> new Fault(Outcome.FAILED, Cause.UNREACHABLE, detail, true);
            case REFUSED, WRONG_PEER, HANDSHAKE_FAILED, UNSUPPORTED_ADDRESS, ADDRESS_IN_USE, CLOSED ->
                new Fault(Outcome.FAILED, Cause.UNREACHABLE, detail);
        };
    }

    /** A failure in the DHT, of which there are only words. */
    static Fault inDht(String detail) {
        return new Fault(Outcome.FAILED, Cause.UNREACHABLE, detail);
    }

    private static Fault broken(String detail, boolean sent) {
        return new Fault(Outcome.FAILED, sent ? Cause.RESET : Cause.UNREACHABLE, detail, true);
    }
}
