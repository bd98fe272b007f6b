package io.swarmscope.internal.kad;

/** What a {@link Validator} says of a value. Immutable. */
public sealed interface Verdict {

    /** The value may be kept and passed on. */
    record Accepted() implements Verdict {}

    /**
     * The value may not.
     *
     * @param reason which rule it breaks, for the log and for the reputation of whoever sent it
     * @param mayBeHonest whether an honest peer may send such a value: it missed a newer one, its clock differs, or it knows what this
     *     node does not
     */
    record Refused(String reason, boolean mayBeHonest) implements Verdict {}

    /** The one acceptance. No deadlock: the record has no static state whose making would wait for this. */
    @SuppressWarnings("ClassInitializationDeadlock")
    Verdict ACCEPTED = new Accepted();

    /** A refusal with that reason, which no honest peer gives cause for. */
    static Verdict refused(String reason) {
        return new Refused(reason, false);
    }

    /** A refusal with that reason of a value that an honest peer may send. */
    static Verdict outdated(String reason) {
        return new Refused(reason, true);
    }

    /** Whether the value may be kept. */
    default boolean accepted() {
        return this instanceof Accepted;
    }
}
