package io.swarmscope.internal.search;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.DeafListener;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.search.SearchAnswer.Status;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A program of many peers that take questions and answer them when a line of the input says "answer", until one says "hold": in a process of its own, what they hold
 * is not counted among what the asker holds.
 */
final class Answerers {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Answerers() {}

    /** @param args how many peers, and the one hit that each of them has, in hexadecimal digits */
    public static void main(String[] args) throws IOException {
        byte[] hit = HexFormat.of().parseHex(args[1]);
        byte[] answer = Frames.prefixed(new SearchAnswer(Status.OK, List.of(hit), 1, 1, 0).encode());
        AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(1));
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            Identity identity = Heads.someone();
            TcpHost host = TcpHost.create(identity, TcpHostConfig.DEFAULT.withListen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
            host.handle(Street.PROTOCOL, stream -> {
                stream.timeout(Duration.ofMinutes(5));
                Frames.read(stream.input(), Limits.SEARCH_REQUEST_BYTES);
                gate.get().await();
                stream.finish(answer);
            });
            host.start(new DeafListener());
            OUT.println(host.addresses().getFirst().withPeerId(host.id()));
        }
        OUT.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            switch (line) {
                case "answer" -> gate.get().countDown();
                case "hold" -> {
                    gate.set(new CountDownLatch(1));
                    OUT.println("holding");
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
        System.exit(0); // whoever started it is gone
    }
}
