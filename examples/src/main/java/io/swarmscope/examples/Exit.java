package io.swarmscope.examples;

import io.swarmscope.RegistryException;

/** The exit codes of all commands; the help of each says the same. */
final class Exit {
    static final int OK = 0;
    /** Asked and answered: there is no such thing. */
    static final int NOTHING_FOUND = 1;
    /** The command line or a value on it is not acceptable. */
    static final int BAD_INPUT = 2;
    /** Nobody could be reached, or too few answered to tell. */
    static final int COULD_NOT_FIND_OUT = 3;
    /** The node could not start: port in use, directory not writable. */
    static final int CANNOT_OPEN = 4;
    /** The disk does not take what is to be kept. */
    static final int NOT_STORED = 5;
    /** A mistake in this program. */
    static final int BROKEN = 70;
    /** Interrupted by Ctrl-C, as shells count it. */
    static final int INTERRUPTED = 130;

    private Exit() {}

    /** The code for a failed call. */
    static int of(RegistryException failure) {
        return switch (failure) {
            case RegistryException.InvalidInput e -> BAD_INPUT;
            case RegistryException.TooLarge e -> BAD_INPUT;
            case RegistryException.Conflict e -> BAD_INPUT;
            case RegistryException.CannotOpen e -> CANNOT_OPEN;
            case RegistryException.NotStored e -> NOT_STORED;
            case RegistryException.Unreachable e -> COULD_NOT_FIND_OUT;
            case RegistryException.DeadlineExceeded e -> COULD_NOT_FIND_OUT;
            case RegistryException.CouldNotFindOut e -> COULD_NOT_FIND_OUT;
            case RegistryException.Cancelled e -> INTERRUPTED;
            case RegistryException.Closed e -> INTERRUPTED;
        };
    }
}
