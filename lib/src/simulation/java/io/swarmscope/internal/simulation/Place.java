package io.swarmscope.internal.simulation;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A machine of a simulation: its address, its clock and what is wrong with it. Outlives the processes that run on it one after the other. */
public final class Place {

    private final int number;
    private final PeerId id;
    private final Multiaddr address;
    private final InstantSource clock;
    private @Nullable SimHost process;
    private Duration clockOff = Duration.ZERO;
    private Duration slow = Duration.ZERO;
    private boolean dialable = true;
    private boolean silent;
    private boolean dead;

    /**
     * One that is dialable, answers, is as quick as any and has the right time.
     *
     * @param number from 0
     * @param id whose process runs on it
     */
    public Place(int number, PeerId id, Engine engine) {
        this.number = number;
        this.id = id;
        this.address = Multiaddr.parse(address(number));
        this.clock = () -> engine.wallClock(clockOff);
    }

    /** Each is in a network of its own, as far as there are so many: peers that are close to each other may be thought to be one. */
    private static String address(int number) {
        int spread = number * 40_503 & 0xffff;
        return "/ip4/" + (11 + (number >> 16)) + "." + (spread >> 8) + "." + (spread & 0xff) + ".1/tcp/4001";
    }

    /** Its number, which is that of its node. */
    public int number() {
        return number;
    }

    /** Whose it is. */
    public PeerId id() {
        return id;
    }

    /** Where it listens. */
    public Multiaddr address() {
        return address;
    }

    Multiaddr source() {
        return address;
    }

    /** Its wall clock. */
    public InstantSource clock() {
        return clock;
    }

    /** Its wall clock is ahead of the others by that much. */
    public void clockOff(Duration ahead) {
        clockOff = ahead;
    }

    /** Each packet from and to it takes longer by that much. */
    public void slow(Duration more) {
        slow = more;
    }

    long slowNanos() {
        return slow.toNanos();
    }

    /** Whether it can be dialed; behind a NAT it can only dial. */
    public void dialable(boolean yes) {
        dialable = yes;
    }

    boolean isDialable() {
        return dialable;
    }

    /** Whether it accepts connections and says nothing on them. */
    public void silent(boolean yes) {
        silent = yes;
    }

    boolean isSilent() {
        return silent;
    }

    /** Whether it is off: not even refusing. */
    public void dead(boolean yes) {
        dead = yes;
    }

    boolean takes(Place from) {
        return dialable && !dead;
    }

    void occupy(SimHost host) {
        process = host;
        dead = false;
    }

    void leave(SimHost host) {
        if (process == host) {
            process = null;
        }
    }

    @Nullable SimHost process() {
        return process;
    }
}
