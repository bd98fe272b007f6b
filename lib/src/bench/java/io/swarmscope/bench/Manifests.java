package io.swarmscope.bench;

import io.swarmscope.PackageManifest;
import java.net.URI;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes packages like those of a Maven repository, the same ones of the same seed. Not thread-safe: one thread. */
public final class Manifests {

    private static final String[] WORDS =
            ("a the for of and java library client server api core utilities support json xml http tcp async reactive stream data"
                            + " model parser build plugin test mock logging metrics trace security crypto cache database sql driver cloud"
                            + " spring apache commons google eclipse annotation processor bytecode reflection functional collection")
                    .split(" ");

    private final Random random;

    /** Of this seed. */
    public Manifests(long seed) {
        this.random = new Random(seed);
    }

    /** The next one; the number makes it unique in its namespace. */
    public PackageManifest next(String namespace, int number) {
        String name = word() + "-" + word() + "-" + number;
        return PackageManifest.of(namespace + "/" + name, "1." + number, words(4))
                .withDescription(words(10 + random.nextInt(30)))
                .withCategories(word())
                .withTags(word(), word())
                .withLicense("Apache-2.0")
                .withLink("home", URI.create("https://example.org/" + name));
    }

    private String word() {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> word()).collect(Collectors.joining(" "));
    }
}
