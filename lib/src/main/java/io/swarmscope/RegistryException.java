package io.swarmscope;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Registry} call throws: one small family in which each member says what happened and what to do next.
 * Always thrown on the caller's thread; the cause, where there is one, is the failure inside.
 */
public abstract sealed class RegistryException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Is not serialized with the exception. */
    private final transient @Nullable SearchReport report;

    private RegistryException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    private RegistryException(String message, @Nullable Throwable cause, @Nullable SearchReport report) {
        super(message, cause);
        this.report = report;
    }

    /** How the search, or the looking for a package, went that failed; empty for other calls. */
    public Optional<SearchReport> report() {
        return Optional.ofNullable(report);
    }

    /** A value given by the caller is not acceptable; nothing was done. */
    public static final class InvalidInput extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final String field;

        /**
         * @param field which value, in the caller's words
         * @param value what was given
         * @param remedy what would be acceptable
         */
        public InvalidInput(String field, String value, String remedy) {
            super("invalid " + field + " '" + abbreviate(value) + "': " + remedy, null);
            this.field = field;
        }

        /** Which value was refused. */
        public String field() {
            return field;
        }

        private static String abbreviate(String value) {
            return value.length() <= 120 ? value : value.substring(0, 117) + "...";
        }
    }

    /** A record is larger than the network carries; nothing was published. */
    public static final class TooLarge extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** Names the package, its encoded size and the limit, both in bytes. */
        public TooLarge(PackageId id, int size, int limit) {
            super(
                    "the record of " + id + " has " + size + " bytes, the limit is " + limit
                            + ": shorten its description, tags or links",
                    null);
        }
    }

    /** The registry could not be opened: an address, a directory or the identity file. Nothing is left open. */
    public static final class CannotOpen extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** The message says what failed and how to mend it. */
        public CannotOpen(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A peer could not be reached, or another peer answered at its address. */
    public static final class Unreachable extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** The message names the address and what happened there. */
        public Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The call's deadline passed before it had anything to return. */
    public static final class DeadlineExceeded extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** Names the operation and the time it had. */
        public DeadlineExceeded(String operation, Duration timeout, String known) {
            super(operation + " did not end within " + timeout.toMillis() + " ms: " + known, null);
        }
    }

    /** Whether the package exists could not be found out: too few peers answered. It may exist. */
    public static final class CouldNotFindOut extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** The message says what was asked and how many peers answered, failed or were silent. */
        public CouldNotFindOut(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        /** The same, with who did what. */
        public CouldNotFindOut(String message, @Nullable Throwable cause, SearchReport report) {
            super(message, cause, report);
        }
    }

    /** The thread that read a {@link SearchStream} was interrupted; its interrupt status is set, and the search has ended. */
    public static final class Cancelled extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** The report is of what had happened until then. */
        public Cancelled(SearchReport report) {
            super("interrupted while waiting for results", null, report);
        }
    }

    /** Another key signed first in the namespace, or a newer record of the package exists; nothing was published. */
    public static final class Conflict extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** The message says which. */
        public Conflict(String message) {
            super(message, null);
        }
    }

    /** The node's database did not keep what it was given: the disk is full or failed, or the file is damaged. Nothing was published. */
    public static final class NotStored extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** The message says what failed and how to mend it. */
        public NotStored(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The registry is closed, or was closed while the call ran. */
    public static final class Closed extends RegistryException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** Always the same message, so that callers of many calls see one reason. */
        public Closed(@Nullable Throwable cause) {
            super("the registry is closed; open a new one to go on", cause);
        }
    }
}
