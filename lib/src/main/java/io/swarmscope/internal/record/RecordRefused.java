package io.swarmscope.internal.record;

import java.io.Serial;
import java.util.Locale;

/**
 * A record breaks a rule. Thrown on whatever thread checks it; has no stack trace, since strangers cause it at will and the reason says
 * all there is to say.
 */
public final class RecordRefused extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Which rule. */
    public enum Reason {
        /** The signature is wrong, or the key is none. */
        SIGNATURE,
        /** The namespace belongs to another key. */
        NAMESPACE_KEY,
        /** It was signed for another network. */
        NETWORK,
        /** A newer record of the package is known. */
        SEQUENCE,
        /** It has expired, comes from the future, or wants to live too long. */
        EXPIRY,
        /** It is too large. */
        SIZE,
        /** It is no record, or a field is not acceptable. */
        SYNTAX,
        /** It is a record, but not the one that belongs under its key. */
        KEY_MISMATCH,
        /** It is a version that was withdrawn, or a package's head with such a version as its latest. */
        WITHDRAWN,
        /** The same key signed something else first where it may only have signed once; there is evidence of both. */
        REFUTED,
        /** Its key, or its namespace, has more packages or changes them more often than one may. */
        QUOTA;

        /** For counters: the name in lower case with hyphens. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /**
         * Whether an honest peer may send such a record: it may have missed a newer one, its clock may differ, it may have met another
         * key first, or counted otherwise. All else takes a liar or a broken program.
         */
        public boolean mayBeHonest() {
            return switch (this) {
                case SEQUENCE, EXPIRY, NAMESPACE_KEY, WITHDRAWN, REFUTED, QUOTA -> true;
                case SIGNATURE, NETWORK, SIZE, SYNTAX, KEY_MISMATCH -> false;
            };
        }
    }

    /**
     * A refusal.
     *
     * @param what the rest of the message, for people to read
     */
    public RecordRefused(Reason reason, String what) {
        super(reason.label() + ": " + what, null, false, false);
        this.reason = reason;
    }

    /** Which rule it breaks. */
    public Reason reason() {
        return reason;
    }
}
