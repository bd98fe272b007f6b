package io.swarmscope.internal.kad;

/** What a {@link Validator} says of a value. Immutable. */
public sealed interface Verdict {

    /** The value may be kept and passed on. */
    record Accepted() implements Verdict {}

    /**
     * The value may not.
     *
     * @param reason which rule it breaks, for the log and for the reputation of whoever sent it
     */
    record Refused(String reason) implements Verdict {}

    /** The one acceptance. No deadlock: the record has no static state whose making would wait for this. */
    @SuppressWarnings("ClassInitializationDeadlock")
    Verdict ACCEPTED = new Accepted();

    /** A refusal with that reason. */
    static Verdict refused(String reason) {
        return new Refused(reason);
    }

    /** Whether the value may be kept. */
    default boolean accepted() {
        return this instanceof Accepted;
    }
}
