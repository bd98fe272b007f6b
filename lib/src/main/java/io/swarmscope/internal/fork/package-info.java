/** Structured concurrency in one place: fork, wait until the outcomes are enough or the time is up, leave nothing behind. */
@NullMarked
package io.swarmscope.internal.fork;

import org.jspecify.annotations.NullMarked;
