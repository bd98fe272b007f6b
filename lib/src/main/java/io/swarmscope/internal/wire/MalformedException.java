package io.swarmscope.internal.wire;

import java.io.IOException;
import java.io.Serial;

/** Bytes from outside break the rules of their format; the message says which rule. Retrying with the same bytes is futile. */
public final class MalformedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Malformed because of one rule.
     *
     * @param what which rule, in words, without the offending bytes themselves (they may be large)
     */
    public MalformedException(String what) {
        super(what);
    }

    /** Malformed because a library that parsed the bytes said so. */
    public MalformedException(String what, Throwable cause) {
        super(what, cause);
    }
}
