package io.swarmscope.bench;

import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Signed;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Publishers with a key each, and the heads they sign: packages like those of a Maven repository. Not thread-safe: one thread. */
public final class Heads {

    /** Packages in a namespace. */
    private static final int PER_NAMESPACE = 20;

    /** Who signs, in turns. */
    public final List<Identity> publishers;

    private final Manifests manifests = new Manifests(42);
    private int made;

    /** So many publishers. */
    public Heads(int publishers) {
        this.publishers = Stream.generate(() -> Identity.generate(new SecureRandom())).limit(publishers).toList();
    }

    /** The next ones; the i-th is of publisher i modulo their number. */
    public List<Signed<Head>> next(int count) {
        List<Signed<Head>> heads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            heads.add(next());
        }
        return heads;
    }

    private Signed<Head> next() {
        int publisher = made % publishers.size();
        String namespace = "org.example" + publisher + "." + made / publishers.size() / PER_NAMESPACE;
        PackageManifest manifest = manifests.next(namespace, made++);
        Instant now = Instant.now();
        Head head = new Head(
                RegistryConfig.DEFAULT_NETWORK, manifest, List.of(manifest.version()), now.toEpochMilli(), now, now.plus(Duration.ofDays(2)));
        return RecordCodec.seal(publishers.get(publisher), head);
    }
}
