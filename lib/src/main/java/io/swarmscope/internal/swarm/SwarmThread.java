package io.swarmscope.internal.swarm;

import io.swarmscope.RegistryException;
import io.swarmscope.internal.telemetry.SwarmTurnEvent;
import io.swarmscope.internal.telemetry.Telemetry;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that runs a {@link Swarm}: takes inputs from the mailbox, lets the swarm decide, performs what it decided. It waits for
 * nothing but its mailbox.
 */
final class SwarmThread implements Loop {

    private static final Logger log = LoggerFactory.getLogger(SwarmThread.class);

    private final Swarm swarm;
    private final Performer performer;
    private final Mailbox<Input> mailbox;
    private final Thread thread;
    private final Telemetry telemetry;
    private final Sampling sampling;
    private final LongAdder inputs = new LongAdder();
    private final LongAdder turns = new LongAdder();
    private final LongAdder turnNanos = new LongAdder();
    private volatile long longestTurnNanos;
    private volatile boolean stopping;

    SwarmThread(Swarm swarm, Performer performer, Mailbox<Input> mailbox, Telemetry telemetry, String name) {
        this.swarm = swarm;
        this.performer = performer;
        this.mailbox = mailbox;
        this.telemetry = telemetry;
        this.sampling = new Sampling(telemetry);
        // Virtual, because it is handed its work by virtual threads. This is the line to change.
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    @Override
    public void start() {
        thread.start();
    }

    /** Ends the thread, then what it began. */
    @Override
    public void stop() throws InterruptedException {
        // In this order: a thread that sees that it stops drains a mailbox that takes nothing more, or else a call that came behind would wait in vain.
        mailbox.close();
        stopping = true;
        if (!thread.join(Duration.ofSeconds(2))) {
            thread.interrupt();
            log.warn("the swarm thread did not end within 2 s");
        }
        performer.close();
    }

    @Override
    public boolean isHere() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of(
                "swarm.inputs", inputs.sum(),
                "swarm.turns", turns.sum(),
                "swarm.busy-nanos", turnNanos.sum(),
                "swarm.longest-turn-nanos", longestTurnNanos,
                "kad.passed-over", performer.passedOver());
    }

    private void run() {
        ArrayDeque<Input> batch = new ArrayDeque<>();
        try {
            while (!stopping) {
                batch = mailbox.take(batch, swarm.nextDeadline() - System.nanoTime());
                do {
                    turn(batch);
                } while (!batch.isEmpty() && !stopping);
            }
        } catch (InterruptedException e) {
            log.debug("the swarm thread was interrupted");
        } finally {
            end(batch);
        }
    }

    private void turn(ArrayDeque<Input> batch) {
        SwarmTurnEvent event = new SwarmTurnEvent();
        event.begin();
        long began = System.nanoTime();
        Instant wallClock = Instant.now();
        int taken = 0;
        for (Input input; taken < Limits.INPUTS_PER_TURN && (input = batch.poll()) != null; taken++) {
            handle(input, wallClock);
        }
        inputs.add(taken);
        turns.increment();
        if (swarm.nextDeadline() - began <= 0) {
            decide(null, wallClock);
        }
        // Not after each input: what one makes the node say, the next may show to be needless, and what is for one peer goes together.
        perform();
        long took = System.nanoTime() - began;
        turnNanos.add(took);
        if (took > longestTurnNanos) {
            longestTurnNanos = took;
        }
        event.ended(taken);
    }

    private void handle(Input input, Instant wallClock) {
        String told = sampling.name(input);
        long began = told == null ? 0 : System.nanoTime();
        decide(input, wallClock);
        if (told != null) {
            telemetry.toldLater(told, began, System.nanoTime());
        }
    }

    /** A mistake of ours in one decision must not take down the node: it is reported, and what it left undone ends at its deadline. */
    private void decide(@Nullable Input input, Instant wallClock) {
        try {
            if (input == null) {
                swarm.tick(System.nanoTime());
            } else {
                swarm.on(input, System.nanoTime(), wallClock);
            }
        } catch (RuntimeException e) {
            log.error("a defect in the swarm, please report it; its input was {}", input == null ? "the clock" : input.getClass(), e);
        }
    }

    private void perform() {
        for (Action action; (action = swarm.nextAction()) != null; ) {
            performer.perform(action);
        }
    }

    private void end(ArrayDeque<Input> batch) {
        swarm.close(System.nanoTime());
        perform();
        RegistryException.Closed closed = new RegistryException.Closed(null);
        for (Input input; (input = batch.poll()) != null || (input = mailbox.poll()) != null; ) {
            if (input instanceof Command command) {
                command.reply().completeExceptionally(closed);
            }
        }
        log.debug("the swarm thread ended after {} inputs, {} ms busy", inputs.sum(), TimeUnit.NANOSECONDS.toMillis(turnNanos.sum()));
    }
}
