package io.swarmscope.internal.swarm;

/** What the swarm thread takes from its mailbox: an {@link Event} that happened, or a {@link Command} somebody gave. */
sealed interface Input permits Event, Command {}
