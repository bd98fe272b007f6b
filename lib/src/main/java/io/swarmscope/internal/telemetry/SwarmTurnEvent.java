package io.swarmscope.internal.telemetry;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * A turn of the swarm thread in the flight recorder, unless it was short. Made by the swarm thread; costs next to nothing while nobody records.
 */
@Name("io.swarmscope.SwarmTurn")
@Label("Swarm Turn")
@Description("The swarm thread takes what came in, decides and hands out what was decided; everything else waits meanwhile")
@Category("Swarmscope")
@StackTrace(false)
@Threshold("1 ms")
public final class SwarmTurnEvent extends Event {
    @Label("Inputs Taken")
    int inputs;

    /** The turn is over. */
    public void ended(int taken) {
        end();
        if (shouldCommit()) {
            inputs = taken;
            commit();
        }
    }
}
