package io.swarmscope.internal.fork;

/** How a forked task ended. */
public sealed interface Outcome<T> {

    /** The task returned this value before its call ended. */
    record Value<T>(T value) implements Outcome<T> {}

    /** The task threw this before its call ended: an exception or an error, exactly as thrown. */
    record Failed<T>(Throwable cause) implements Outcome<T> {}

    /** The call ended first: the task was interrupted or never started, and what it did after that does not count. */
    record Cancelled<T>() implements Outcome<T> {}
}
