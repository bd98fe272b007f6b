package io.swarmscope.internal.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What the network between nodes does to what they send. Changed by the thread of the simulation only.
 *
 * <p>TCP loses, doubles and reorders no bytes. What it makes of a lossy line are stalls, and connections that end; what a program sees twice is what was sent
 * twice. So that is what happens here: a loss is a stall, requests and frames of gossip may come twice, and streams overtake each other.
 */
public final class Conditions {

    /** A line from one node to another, by their numbers. */
    @FunctionalInterface
    public interface Delay {
        /** How long one packet takes, in nanoseconds. */
        long nanos(int from, int to, RandomGenerator random);
    }

    /** After a lost packet TCP sends it again after about so long, then after twice as long. */
    private static final long RETRANSMIT_NANOS = Duration.ofMillis(250).toNanos();

    private Delay delay = (from, to, random) -> Duration.ofMillis(25).toNanos();
    private double loss;
    private double resets;
    private double duplicates;

    /** How long packets take; 25 ms at first. */
    public void delay(Delay all) {
        delay = all;
    }

    /** The share of packets that are lost, and sent again by TCP; none at first. */
    public void loss(double share) {
        loss = share;
    }

    /** The share of packets with which a connection breaks; none at first. */
    public void resets(double share) {
        resets = share;
    }

    /** The share of requests and frames of gossip that come twice; none at first. */
    public void duplicates(double share) {
        duplicates = share;
    }

    long nanos(int from, int to, RandomGenerator random) {
        long nanos = delay.nanos(from, to, random);
        if (loss > 0) {
            long stall = RETRANSMIT_NANOS;
            while (random.nextDouble() < loss && stall < Duration.ofSeconds(30).toNanos()) {
                nanos += stall;
                stall *= 2;
            }
        }
        return Math.max(1, nanos);
    }

    boolean breaks(RandomGenerator random) {
        return resets > 0 && random.nextDouble() < resets;
    }

    boolean comesTwice(Traffic kind, RandomGenerator random) {
        return duplicates > 0 && (kind == Traffic.KAD_REQUEST || kind == Traffic.GOSSIP) && random.nextDouble() < duplicates;
    }
}
