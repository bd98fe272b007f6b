package io.swarmscope.bench;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.Connection;
import io.swarmscope.host.DeafListener;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.gossip.GossipFrames;
import io.swarmscope.internal.gossip.Message;
import io.swarmscope.internal.gossip.Signing;
import io.swarmscope.internal.gossip.Version;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Signed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Signed heads into one full node with a data directory, in a process of its own: eight publishers send each its own ones over connections of
 * their own, a message a frame, as fast as the node takes them. Both signatures of each are made before the clock starts. The node forwards to nobody.
 */
final class News implements Benchmark {

    private static final int PUBLISHERS = 8;
    private static final int HEADS = 12_000;
    private static final String TOPIC = "/swarmscope/heads/1";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Heads heads = new Heads(PUBLISHERS);
    private final AtomicLong sequence = new AtomicLong();
    private final List<Peer> peers = new ArrayList<>();
    private final Path directory = Files.createTempDirectory("swarmscope-news");
    private final Process node;
    private final Writer toNode;
    private final BufferedReader fromNode;

    /** What the node says of itself. */
    private record State(long packages, long cpuNanos) {}

    /** A publisher: a host with an open gossip stream to the node, which it only writes to. */
    private static final class Peer implements AutoCloseable {
        private final TcpHost host;
        private final Stream stream;

        Peer(Identity identity, Multiaddr node) throws Exception {
            host = TcpHost.create(identity, TcpHostConfig.DEFAULT);
            host.start(new DeafListener());
            Connection connection = host.dial(node, null, PATIENCE);
            stream = connection.open(Version.protocols(), PATIENCE);
        }

        void send(List<byte[]> frames) {
            stream.timeout(PATIENCE);
            try {
                for (byte[] frame : frames) {
                    stream.output().write(frame);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            host.close();
        }
    }

    News() throws Exception {
        node = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-preview",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NewsNode.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        toNode = node.outputWriter(StandardCharsets.UTF_8);
        fromNode = new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
        Multiaddr address = Multiaddr.parse(fromNode.readLine());
        for (Identity publisher : heads.publishers) {
            peers.add(new Peer(publisher, address));
        }
    }

    private State ask() throws IOException {
        toNode.write("\n");
        toNode.flush();
        String[] answer = fromNode.readLine().split(" ");
        return new State(Long.parseLong(answer[0]), Long.parseLong(answer[1]));
    }

    @Override
    public List<Figure> round() throws Exception {
        List<List<byte[]>> frames = frames();
        State before = ask();
        long began = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            int number = i;
            threads.add(Thread.startVirtualThread(() -> peers.get(number).send(frames.get(number))));
        }
        State after = ask();
        while (after.packages() < before.packages() + HEADS) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new IllegalStateException("only " + (after.packages() - before.packages()) + " of " + HEADS + " arrived");
            }
            Thread.sleep(20);
            after = ask();
        }
        long took = System.nanoTime() - began;
        for (Thread thread : threads) {
            thread.join();
        }
        return List.of(
                new Figure("accepted", HEADS * 1e9 / took, "/s"),
                new Figure("accepted per second of CPU", HEADS * 1e9 / (after.cpuNanos() - before.cpuNanos()), "/s"));
    }

    /** What each publisher sends. */
    private List<List<byte[]>> frames() {
        List<List<byte[]>> frames = new ArrayList<>();
        List<Signing> signing = new ArrayList<>();
        for (Identity publisher : heads.publishers) {
            frames.add(new ArrayList<>());
            signing.add(new Signing(publisher, sequence::incrementAndGet));
        }
        List<Signed<Head>> made = heads.next(HEADS);
        for (int i = 0; i < HEADS; i++) {
            Message message = signing.get(i % PUBLISHERS).sign(TOPIC, made.get(i).encoded());
            frames.get(i % PUBLISHERS).add(GossipFrames.of(message));
        }
        return frames;
    }

    @Override
    public void close() throws Exception {
        peers.forEach(Peer::close);
        toNode.close();
        node.waitFor();
        Directories.delete(directory);
    }
}
