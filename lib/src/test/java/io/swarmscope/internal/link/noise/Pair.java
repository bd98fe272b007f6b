package io.swarmscope.internal.link.noise;

import io.swarmscope.PeerId;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Two ends of a connection in memory, and what is done at each. */
final class Pair {
    final BytePipe toListener;
    final BytePipe toDialer;

    Pair(long seed) {
        Random random = new Random(seed);
        toListener = new BytePipe(new Random(random.nextLong()));
        toDialer = new BytePipe(new Random(random.nextLong()));
    }

    /** What a task that runs on a thread of its own comes to. */
    static <T> CompletableFuture<T> async(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** The result, or the failure itself. */
    static <T> T get(CompletableFuture<T> result) throws Exception {
        try {
            return result.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    CompletableFuture<NoiseChannel> dial(NoiseStatic self, @Nullable PeerId expected) {
        return dial(self, expected, Prelude.NONE);
    }

    CompletableFuture<NoiseChannel> dial(NoiseStatic self, @Nullable PeerId expected, Prelude prelude) {
        return async(() -> {
            try {
                return NoiseChannel.initiate(toDialer.in(), toListener.out(), self, expected, prelude);
            } catch (Exception e) {
                closeDialer();
                throw e;
            }
        });
    }

    CompletableFuture<NoiseChannel> listen(NoiseStatic self) {
        return async(() -> {
            try {
                return NoiseChannel.respond(toListener.in(), toDialer.out(), self);
            } catch (Exception e) {
                closeListener();
                throw e;
            }
        });
    }

    /** As a socket closes: the other end reads the end of the stream. */
    void closeDialer() throws Exception {
        toListener.out().close();
        toDialer.in().close();
    }

    void closeListener() throws Exception {
        toDialer.out().close();
        toListener.in().close();
    }
}
