package io.swarmscope.internal.search;

import java.io.Serial;

/** A peer sent what an honest peer does not send, well-formed as it may be. Has no stack trace, since peers cause it at will. */
final class Dishonest extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    Dishonest(String what) {
        super(what, null, false, false);
    }
}
