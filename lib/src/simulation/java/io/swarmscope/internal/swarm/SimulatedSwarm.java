package io.swarmscope.internal.swarm;

import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.RegistryException;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.kad.MessageCodec;
import io.swarmscope.internal.kad.Reply;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.kad.RequestId;
import io.swarmscope.internal.simulation.Engine;
import io.swarmscope.internal.simulation.SimConnection;
import io.swarmscope.internal.simulation.SimHost;
import io.swarmscope.internal.simulation.Traffic;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Runs a {@link Swarm} in virtual time, in the place of the swarm thread: its inputs are taken when they come, and what it decides is done by entries in the queue
 * of the simulation. Requests over the DHT and frames of gossip go as bytes from one swarm to the other, without a thread for each. Touched only by the thread
 * that has its turn.
 */
public final class SimulatedSwarm implements Loop {

    private static final byte[] NOTHING = {};

    private final SwarmConfig config;
    private final SimHost host;
    private final Engine engine;
    private final Mailbox<Input> mailbox;
    private final Swarm swarm;
    private final Dialer dialer;
    private final Optional<Intake> intake;
    private final SimulatedGossip gossip;
    private final Map<RequestId, Exchange> inFlight = new HashMap<>();
    private final Runnable turn = this::turn;
    private boolean started;
    private boolean stopped;
    private boolean turnDue;
    private long timerAt = Long.MAX_VALUE;
    private long inputs;
    private long turns;

    /**
     * Over a host that is not started yet.
     *
     * @param authors verifies signatures of gossip
     */
    public SimulatedSwarm(SwarmConfig config, SimHost host, Forks forks, Intake.Authors authors) {
        this.config = config;
        this.host = host;
        this.engine = host.net().engine();
        this.mailbox = new Mailbox<>(Limits.MAILBOX, this::ring);
        this.swarm = new Swarm(config, engine.now());
        this.dialer = new Dialer(host, forks, mailbox);
        this.intake = config.gossip().map(setup -> new Intake(setup.config(), setup.topics()::contains, setup.rules(), authors));
        this.gossip = new SimulatedGossip(host, intake, mailbox);
    }

    /** Starts it, and the host with it, as {@link SwarmHandle#start} does. */
    public SwarmHandle start(List<Multiaddr> announce) throws HostException {
        SwarmHandle handle = new SwarmHandle(config, mailbox, this, intake);
        if (config.kad().mode() == DhtMode.SERVER) {
            host.serveKad(this::serve);
        }
        host.serveGossip(gossip);
        handle.begin(config, host, announce);
        return handle;
    }

    /** Whether the node is in its network. */
    public boolean joined() {
        return swarm.joined();
    }

    /** What the swarm has to say of itself, at once. */
    public SwarmStatus status() {
        CompletableFuture<SwarmStatus> reply = new CompletableFuture<>();
        swarm.on(new Command.ReadStatus(reply), engine.now(), host.place().clock().instant());
        perform();
        return reply.join();
    }

    // The loop

    @Override
    public void start() {
        started = true;
        ring();
    }

    @Override
    public boolean isHere() {
        return false; // no code waits while a swarm decides: there would be no turn for it
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("swarm.inputs", inputs, "swarm.turns", turns, "swarm.busy-nanos", 0L, "swarm.longest-turn-nanos", 0L);
    }

    @Override
    public void stop() {
        if (!stopped) {
            stopped = true;
            mailbox.close();
            List.copyOf(inFlight.values()).forEach(Exchange::leave);
            swarm.close(engine.now());
            perform();
            for (Input input; (input = mailbox.poll()) != null; ) {
                if (input instanceof Command command) {
                    command.reply().completeExceptionally(new RegistryException.Closed(null));
                }
            }
        }
    }

    private void ring() {
        if (started && !turnDue && !stopped) {
            turnDue = true;
            engine.after(0, turn);
        }
    }

    private void turn() {
        turnDue = false;
        if (stopped) {
            return;
        }
        turns++;
        Instant wallClock = host.place().clock().instant();
        for (Input input; (input = mailbox.poll()) != null; ) {
            inputs++;
            swarm.on(input, engine.now(), wallClock);
        }
        if (swarm.nextDeadline() - engine.now() <= 0) {
            swarm.tick(engine.now());
        }
        perform();
        setTimer();
    }

    private void setTimer() {
        long next = Math.max(swarm.nextDeadline(), engine.now() + 1);
        if (next < timerAt || timerAt <= engine.now()) {
            timerAt = next;
            engine.at(next, () -> timer(next));
        }
    }

    private void timer(long at) {
        if (timerAt != at || stopped) {
            return; // an earlier one was set meanwhile
        }
        timerAt = Long.MAX_VALUE;
        if (swarm.nextDeadline() - engine.now() <= 0) {
            turn();
        } else {
            setTimer();
        }
    }

    private void perform() {
        for (Action action; (action = swarm.nextAction()) != null; ) {
            perform(action);
        }
    }

    private void perform(Action action) {
        switch (action) {
            case Action.Settle<?> a -> a.perform();
            case Action.Fail a -> a.perform();
            case Action.Send a -> new Exchange(a).begin();
            case Action.Abandon a -> {
                Exchange exchange = inFlight.get(a.id());
                if (exchange != null) {
                    exchange.fail("abandoned", false);
                }
            }
            case Action.Dial a -> {
                if (!stopped) {
                    engine.start("dial-" + host.number(), () -> dialer.dial(a.peer(), a.addresses()));
                }
            }
            case Action.CloseIfIdle a -> {
                if (a.connection().streams() <= a.uncounted()) {
                    a.connection().close();
                }
            }
            case Action.Index a -> config.indexer().accept(a.key(), a.value());
            case Action.Provided a -> config.providers().accept(a.entry());
            case Action.OpenGossip a -> gossip.open((SimConnection) a.connection(), a.queue());
            case Action.SendGossip a -> gossip.send(a.queue(), a.rpc());
            case Action.EndGossip a -> gossip.end(a.queue());
            case Action.Blame a -> {
                if (a.mayBeHonest()) {
                    config.observer().outdated(a.peer(), a.what());
                } else {
                    config.observer().misbehaved(a.peer(), a.what());
                }
            }
        }
    }

    // The DHT

    /** A peer's request has come; the answer goes back when the swarm has decided. */
    private void serve(SimConnection from, byte[] bytes, SimHost.KadDoor.Answer answer) {
        Request request;
        try {
            request = KadServer.checked(MessageCodec.decodeRequest(bytes), config.validators());
        } catch (MalformedException e) {
            mailbox.force(new Event.Misbehaved(from.remote(), "a request to the DHT: " + e.getMessage()));
            answer.refuse();
            return;
        }
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        if (!mailbox.offer(new Command.Serve(from, request, reply))) {
            answer.refuse();
            return;
        }
        reply.thenAccept(decided -> {
            switch (decided) {
                case Reply.Send send -> answer.send(MessageCodec.encode(send.answer()));
                case Reply.Nothing nothing -> {}
                case Reply.Refuse refuse -> answer.refuse();
            }
        });
    }

    /** One request of this node, from its bytes to what became of it. */
    private final class Exchange {
        private final Action.Send action;
        private final SimConnection connection;
        private final long began = engine.now();
        private boolean over;

        Exchange(Action.Send action) {
            this.action = action;
            this.connection = (SimConnection) action.connection();
        }

        void begin() {
            SimHost there = connection.other().local();
            if (!connection.isOpen()) {
                mailbox.force(new Event.Unanswered(action.id(), "the connection is closed"));
                return;
            }
            byte[] request = MessageCodec.encode(action.request());
            connection.counted(1);
            inFlight.put(action.id(), this);
            boolean answers = there.answers(config.kad().protocolId());
            host.net().send(connection, Traffic.KAD_REQUEST, request, 0, () -> {
                SimHost.KadDoor door = there.kad();
                if (!answers) {
                    back(NOTHING, () -> fail("the peer does not answer the DHT's protocol", true));
                } else if (door != null) {
                    door.take(connection.other(), request, new Answering());
                }
            });
            if (action.request() instanceof Request.AddProvider) {
                leave();
                mailbox.force(new Event.Delivered(action.id()));
                config.observer().succeeded(connection.remote(), 0);
            } else {
                engine.at(action.deadline(), () -> fail("the peer was silent", true));
            }
        }

        private void back(byte[] bytes, Runnable arrived) {
            host.net().send(connection.other(), Traffic.KAD_ANSWER, bytes, 0, arrived);
        }

        private final class Answering implements SimHost.KadDoor.Answer {
            @Override
            public void send(byte[] answer) {
                back(answer, () -> answered(answer));
            }

            @Override
            public void refuse() {
                back(NOTHING, () -> fail("the peer reset the stream", true));
            }
        }

        private void answered(byte[] bytes) {
            if (over) {
                return;
            }
            leave();
            try {
                mailbox.force(new Event.Answered(
                        action.id(), KadRequests.checked(MessageCodec.decodeAnswer(bytes), config.validators())));
                config.observer().succeeded(connection.remote(), engine.now() - began);
            } catch (MalformedException e) {
                mailbox.force(new Event.Misbehaved(connection.remote(), "an answer of the DHT: " + e.getMessage()));
                mailbox.force(new Event.Unanswered(action.id(), "malformed answer: " + e.getMessage()));
            }
        }

        private void fail(String why, boolean peersFault) {
            if (!over) {
                leave();
                if (peersFault) {
                    config.observer().failed(connection.remote());
                }
                mailbox.force(new Event.Unanswered(action.id(), why));
            }
        }

        void leave() {
            if (!over) {
                over = true;
                connection.counted(-1);
                inFlight.remove(action.id());
            }
        }
    }
}
