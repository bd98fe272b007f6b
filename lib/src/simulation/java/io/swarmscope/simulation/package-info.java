/**
 * A network of many nodes in one thread, under virtual time, for tests: the code of {@link io.swarmscope.Registry} that runs in production, with a seed. To be
 * used on the class path.
 */
@org.jspecify.annotations.NullMarked
package io.swarmscope.simulation;
