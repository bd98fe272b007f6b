package io.swarmscope.simulation;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.AssertionFailedError;

/** Runs a test that is a {@link Simulation} once for each of its seeds. */
public final class SimulationExtension implements TestTemplateInvocationContextProvider {

    /** The property that names the one seed to run. */
    public static final String SEED_PROPERTY = "swarmscope.seed";

    /** Made by JUnit. */
    public SimulationExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(Simulation.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Simulation wanted = context.getRequiredTestMethod().getAnnotation(Simulation.class);
        Long only = Long.getLong(SEED_PROPERTY);
        LongStream seeds = only == null ? LongStream.range(wanted.seed(), wanted.seed() + wanted.seeds()) : LongStream.of(only);
        return seeds.mapToObj(seed -> new Invocation(wanted, seed));
    }

    private record Invocation(Simulation wanted, long seed) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocation) {
            return wanted.nodes() + " nodes, seed " + seed;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Run(wanted, seed));
        }
    }

    /** One network for one test. It is made on the test's thread, to which it belongs. */
    private static final class Run implements ParameterResolver, TestExecutionExceptionHandler, AfterEachCallback {
        private final Simulation wanted;
        private final long seed;
        private SimulatedNetwork network;

        Run(Simulation wanted, long seed) {
            this.wanted = wanted;
            this.seed = seed;
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SimulatedNetwork.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            if (network == null) {
                network = SimulatedNetwork.of(wanted.nodes())
                        .seed(seed)
                        .loss(wanted.loss())
                        .duplicates(wanted.duplicates())
                        .start();
            }
            return network;
        }

        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
            if (network == null || failure.getClass().getName().equals("org.opentest4j.TestAbortedException")) {
                throw failure;
            }
            throw new AssertionFailedError(failure.getMessage() + "\n  in the " + network + "; to run it again: -D" + SEED_PROPERTY + "=" + seed
                    + " -Dtest=" + context.getRequiredTestClass().getSimpleName() + "#"
                    + context.getRequiredTestMethod().getName(), failure);
        }

        @Override
        public void afterEach(ExtensionContext context) {
            if (network != null) {
                network.close();
            }
        }
    }
}
