package io.swarmscope.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The JMH benchmarks of {@link Primitives}: what the figures above are made of. */
final class Micro implements Benchmark {

    @Override
    public boolean repeatsItself() {
        return true;
    }

    @Override
    public List<Figure> round() throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(Primitives.class.getName() + "\\..*")
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(1))
                        .jvmArgsAppend("--enable-preview", "--enable-native-access=ALL-UNNAMED")
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        List<Figure> figures = new ArrayList<>();
        for (RunResult result : results) {
            String name = result.getPrimaryResult().getLabel();
            figures.add(new Figure(
                    name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT),
                    result.getPrimaryResult().getScore(),
                    result.getPrimaryResult().getScoreUnit()));
        }
        return figures;
    }

    @Override
    public void close() {}
}
