package io.swarmscope.internal.kad;

/**
 * What is wrong with an answer. Immutable.
 *
 * @param reason what, for people to read
 * @param mayBeHonest whether a peer that follows the rules may have given it too: it missed a newer value, or its clock differs
 */
record Fault(String reason, boolean mayBeHonest) {

    /** One that no honest peer commits. */
    static Fault lie(String reason) {
        return new Fault(reason, false);
    }
}
