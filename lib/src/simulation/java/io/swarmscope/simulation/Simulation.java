package io.swarmscope.simulation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test over a {@link SimulatedNetwork}, which is its parameter and is closed after it. It runs once for each seed. When it fails, its message says the seed, the
 * virtual time and the event hash, and how to run that seed alone.
 *
 * <pre>{@code
 * @Simulation(nodes = 20, seeds = 5)
 * void whatOnePublishesAllOthersFind(SimulatedNetwork network) throws Exception {
 * }</pre>
 *
 * <p>{@code -Dswarmscope.seed=N} runs that seed and no other.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SimulationExtension.class)
public @interface Simulation {

    /** How many nodes run when the test begins. */
    int nodes();

    /** The first seed. */
    long seed() default 1;

    /** How many seeds, one after the other from the first. */
    int seeds() default 1;

    /** The share of packets that are lost, which TCP makes stalls of. */
    double loss() default 0;

    /** The share of requests and frames of gossip that come twice. */
    double duplicates() default 0;
}
