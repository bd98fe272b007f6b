package io.swarmscope.internal.fork;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the {@link Forks} this run of Java can load. Each variant is compiled for one release, with its preview on. */
final class Variants {

    private static final Logger LOG = LoggerFactory.getLogger(Forks.class);

    /** Chosen once, when somebody first asks. */
    static final Forks BEST = structured(Runtime.version().feature()).orElseGet(VirtualThreadForks::new);

    private Variants() {}

    /** Every implementation that can load here, the best one first. */
    static List<Forks> loadable() {
        List<Forks> all = new ArrayList<>(List.of(BEST));
        if (!(BEST instanceof VirtualThreadForks)) {
            all.add(new VirtualThreadForks());
        }
        return List.copyOf(all);
    }

    private static Optional<Forks> structured(int release) {
        String name = Variants.class.getPackageName() + ".StructuredForks" + release;
        String why;
        try {
            return Optional.of(Class.forName(name)
                    .asSubclass(Forks.class)
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (ClassNotFoundException e) {
            why = "this build has no variant for Java " + release;
        } catch (UnsupportedClassVersionError e) {
            why = "Java " + release + " runs without --enable-preview";
        } catch (ReflectiveOperationException | LinkageError e) {
            why = "the variant for Java " + release + " does not load: " + e;
        }
        LOG.info("Forks run on plain virtual threads, not in a structured scope: {}", why);
        return Optional.empty();
    }
}
