package io.swarmscope.internal.search;

import java.io.Serial;

/** A peer did not want to answer. Has no stack trace, since peers cause it at will. */
final class Refused extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    Refused(String what) {
        super(what, null, false, false);
    }
}
