package io.swarmscope.examples;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a long operation is: a moving bar on a terminal, a line now and then elsewhere. One thread at a time. */
interface Progress extends AutoCloseable {

    /** So many are done. */
    void at(int done);

    /** The operation ended, one way or another. */
    @Override
    void close();

    /** Shows nothing. */
    static Progress none() {
        return new Progress() {
            @Override
            public void at(int done) {}

            @Override
            public void close() {}
        };
    }

    /** A bar if standard input and output are a terminal, else lines. */
    static Progress of(PrintWriter err, Consumer<String> say, String task, int total) {
        return onTerminal() ? bar(err, task, total) : lines(say, task, total);
    }

    /** Whether somebody looks. From Java 22 on there may be a console that is no terminal; Java 21 cannot be asked. */
    private static boolean onTerminal() {
        @SuppressWarnings("SystemConsoleNull") // null is not the only no
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** One line that moves. */
    static Progress bar(PrintWriter err, String task, int total) {
        // A consumer of our own: the library's default loads native code only to learn how wide the terminal is.
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("  " + task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .setMaxRenderedLength(90)
                .setConsumer(new DelegatingProgressBarConsumer(
                        text -> {
                            err.print("\r" + text.stripTrailing());
                            err.flush();
                        },
                        90))
                .build();
        return new Progress() {
            @Override
            public void at(int done) {
                bar.stepTo(done);
            }

            @Override
            public void close() {
                bar.close();
                err.println();
                err.flush();
            }
        };
    }

    /** A line at each quarter, and one every five seconds where quarters take long. */
    static Progress lines(Consumer<String> say, String task, int total) {
        return new Progress() {
            private static final Duration SILENCE_MAX = Duration.ofSeconds(5);
            private int quarters;
            private long spoke = System.nanoTime();

            @Override
            public void at(int done) {
                int now = total == 0 ? 4 : (int) (4L * done / total);
                if (now > quarters || System.nanoTime() - spoke > SILENCE_MAX.toNanos()) {
                    quarters = now;
                    spoke = System.nanoTime();
                    say.accept(String.format("  %s %d of %d", task, done, total));
                }
            }

            @Override
            public void close() {}
        };
    }
}
