package io.swarmscope.bench;

import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.SignedEnvelope;
import io.swarmscope.internal.kad.Answer;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.Kademlia;
import io.swarmscope.internal.kad.MessageCodec;
import io.swarmscope.internal.kad.Reply;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.telemetry.CallCounters;
import io.swarmscope.internal.telemetry.TracedPart;
import io.swarmscope.internal.telemetry.SwarmTurnEvent;
import io.swarmscope.internal.telemetry.Telemetry;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.Multiaddr;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the larger figures are made of, in microseconds per operation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Primitives {

    private final Identity identity = Identity.generate(new SecureRandom());
    private final byte[] payload = new byte[1_000];
    private final byte[] type = "/swarmscope/bench".getBytes(StandardCharsets.US_ASCII);
    private final byte[] envelope = SignedEnvelope.seal(identity, "bench", type, payload).encoded();
    private final Kademlia kad = kademlia();
    private final PeerId asker = Identity.generate(new SecureRandom()).peerId();
    private final Random random = new Random(42);
    private final byte[] answer = encodedAnswer();

    private final Multiaddr address = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
    private final CallCounters calls = new CallCounters();

    private static Kademlia kademlia() {
        List<Multiaddr> address = List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"));
        Kademlia kad = new Kademlia(
                Identity.generate(new SecureRandom()).peerId(),
                KadConfig.DEFAULT,
                Validators.DEFAULT,
                peer -> address,
                new Random(42),
                0);
        for (int i = 0; i < 200; i++) {
            kad.peerConnectedServer(Identity.generate(new SecureRandom()).peerId(), 0);
        }
        return kad;
    }

    private byte[] encodedAnswer() {
        Reply reply = findNode();
        return MessageCodec.encode(((Reply.Send) reply).answer());
    }

    /** What a search and three peers cost in spans while nobody traces. */
    @org.openjdk.jmh.annotations.Benchmark
    public boolean fourSpansNobodySees() {
        boolean seen = false;
        try (TracedPart search = Telemetry.OFF.begin("search")) {
            search.set("swarmscope.search.limit", 20);
            for (int i = 0; i < 3; i++) {
                try (TracedPart ask = Telemetry.OFF.ask(asker, address)) {
                    seen |= ask.isSeen();
                }
            }
        }
        return seen;
    }

    /** What is always counted of a search. */
    @org.openjdk.jmh.annotations.Benchmark
    public void countASearch() {
        calls.began();
        calls.elsewhere();
        calls.asked(3, 2);
        calls.succeeded(1_234_567, 20);
    }

    /** An event of the flight recorder while nobody records. */
    @org.openjdk.jmh.annotations.Benchmark
    public void swarmTurnNobodyRecords() {
        SwarmTurnEvent event = new SwarmTurnEvent();
        event.begin();
        event.ended(1);
    }

    /** Signs a record of 1,000 bytes. */
    @org.openjdk.jmh.annotations.Benchmark
    public SignedEnvelope signRecord() {
        return SignedEnvelope.seal(identity, "bench", type, payload);
    }

    /** Reads and verifies it. */
    @org.openjdk.jmh.annotations.Benchmark
    public SignedEnvelope verifyRecord() throws MalformedException {
        return SignedEnvelope.open(envelope, "bench");
    }

    /** Answers FIND_NODE with 200 peers known. */
    @org.openjdk.jmh.annotations.Benchmark
    public Reply findNode() {
        byte[] key = new byte[38];
        random.nextBytes(key);
        return kad.answer(asker, new Request.FindNode(Bytes.of(key)), Instant.EPOCH, 0);
    }

    /** Reads that answer: 20 peers with an address each. */
    @org.openjdk.jmh.annotations.Benchmark
    public Answer decodeAnswer() throws MalformedException {
        return MessageCodec.decodeAnswer(answer);
    }
}
