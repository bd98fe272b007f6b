package io.swarmscope.internal.sync;

import java.io.Serial;

/** A session ends before its time. Has no stack trace, since peers cause it at will. */
final class Ended extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final SyncReport.Ending ending;

    Ended(SyncReport.Ending ending, String detail) {
        super(detail, null, false, false);
        this.ending = ending;
    }

    /** Because the peer sent what the protocol does not allow. */
    static Ended broken(String rule) {
        return new Ended(SyncReport.Ending.PROTOCOL, rule);
    }

    SyncReport.Ending ending() {
        return ending;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
