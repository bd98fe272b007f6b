package io.swarmscope.internal.kad;

/** What two nodes say to each other: a {@link Request} or an {@link Answer}. Immutable; any thread. */
public sealed interface Message permits Request, Answer {}
