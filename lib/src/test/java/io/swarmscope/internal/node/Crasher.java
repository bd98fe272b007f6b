package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PublishReceipt;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A program that is killed: publishes and withdraws in a loop, on two threads, and says each step before it is taken and when it is acknowledged.
 * It has read what it needs and waits until a line says where to begin; the next line makes it close the registry.
 */
final class Crasher {

    /** What is done. A package's versions are numbered from 1 on. */
    enum Op {
        PUBLISH,
        RENEW,
        WITHDRAW_VERSION,
        WITHDRAW_PACKAGE
    }

    private static final int THREADS = 2;
    private static final RegistryConfig LOOPBACK = RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0");

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final AtomicLong STEPS = new AtomicLong();

    private final Registry registry;
    private final Random random;
    private final String name;
    private final List<String> live = new ArrayList<>();
    private int made;

    private Crasher(Registry registry, long seed, String name) {
        this.registry = registry;
        this.random = new Random(seed);
        this.name = name;
    }

    static RegistryConfig config(Path directory) {
        return LOOPBACK.withDataDirectory(directory);
    }

    static PackageManifest manifest(String id, int version) {
        return PackageManifest.of(id, version + ".0.0", "Version " + version + " of " + id)
                .withDescription("x".repeat(Math.floorMod(id.hashCode() * version, 3000)));
    }

    /** @param args none; a line of the input names the directory, a seed, and packages with versions 1 and 2 and no more, if any */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Registry warm = Registry.open(LOOPBACK)) {
            warm.publish(manifest("warm/up", 1));
        }
        OUT.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String[] words = in.readLine().split(" ");
        long seed = Long.parseLong(words[1]);
        Registry registry = Registry.open(config(Path.of(words[0])));
        OUT.println("open " + registry.id());
        for (int i = 0; i < THREADS; i++) {
            Crasher crasher = new Crasher(registry, seed + i, "crash" + i + "/s" + Long.toHexString(seed));
            for (int word = 2; word < words.length; word++) {
                if (word % THREADS == i) {
                    crasher.live.add(words[word] + " 2");
                }
            }
            Thread.ofPlatform().start(crasher::run);
        }
        in.readLine();
        registry.close();
        System.exit(0);
    }

    private void run() {
        try {
            while (true) {
                step();
            }
        } catch (InterruptedException | RuntimeException e) {
            OUT.println("end " + e); // closed
        }
    }

    private void step() throws InterruptedException {
        int dice = random.nextInt(100);
        if (live.isEmpty() || dice < 40) {
            String id = name + "-" + made++;
            publish(id, 1);
            if (random.nextBoolean()) {
                publish(id, 2);
                live.add(id + " 2");
            }
            return;
        }
        int at = random.nextInt(live.size());
        String id = live.get(at).split(" ")[0];
        int latest = Integer.parseInt(live.get(at).split(" ")[1]);
        if (dice < 60) {
            publish(id, latest + 1);
            live.set(at, id + " " + (latest + 1));
        } else if (dice < 70) {
            act(Op.RENEW, id, latest);
        } else if (dice < 85) {
            act(Op.WITHDRAW_VERSION, id, latest);
            publish(id, latest + 1);
            live.set(at, id + " " + (latest + 1));
        } else {
            act(Op.WITHDRAW_PACKAGE, id, latest);
            live.remove(at);
            if (dice < 90) {
                publish(id, latest + 1);
            }
        }
    }

    private void publish(String id, int version) throws InterruptedException {
        act(Op.PUBLISH, id, version);
    }

    private void act(Op op, String id, int version) throws InterruptedException {
        long number = STEPS.incrementAndGet();
        OUT.println("try " + number + " " + op + " " + id + " " + version);
        PublishReceipt receipt = switch (op) {
            case PUBLISH, RENEW -> registry.publish(manifest(id, version));
            case WITHDRAW_VERSION -> registry.unpublish(PackageId.parse(id), version + ".0.0");
            case WITHDRAW_PACKAGE -> registry.unpublish(PackageId.parse(id));
        };
        OUT.println("ok " + number + " " + receipt.sequence());
    }
}
