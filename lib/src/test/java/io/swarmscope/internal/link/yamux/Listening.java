package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Remembers what a session told. */
final class Listening implements YamuxListener {
    final BlockingQueue<YamuxStream> inbound = new LinkedBlockingQueue<>();
    final List<String> violations = new CopyOnWriteArrayList<>();
    final List<String> refusals = new CopyOnWriteArrayList<>();
    final List<Throwable> ends = new CopyOnWriteArrayList<>();
    final CompletableFuture<Throwable> closed = new CompletableFuture<>();

    private volatile Consumer<YamuxStream> handler = inbound::add;

    /** Each inbound stream runs that on a thread of its own from now on. */
    Listening serving(Service service) {
        handler = stream -> Thread.startVirtualThread(() -> {
            try (stream) {
                service.serve(stream);
            } catch (Exception e) {
                stream.reset();
            }
        });
        return this;
    }

    interface Service {
        void serve(YamuxStream stream) throws Exception;
    }

    YamuxStream nextInbound() throws InterruptedException {
        YamuxStream stream = inbound.poll(30, TimeUnit.SECONDS);
        assertThat(stream).as("an inbound stream").isNotNull();
        return stream;
    }

    Throwable awaitClosed() throws Exception {
        return closed.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void inbound(YamuxStream stream) {
        handler.accept(stream);
    }

    @Override
    public void refused(String what) {
        refusals.add(what);
    }

    @Override
    public void closed(Throwable reason) {
        ends.add(reason);
        closed.complete(reason);
    }

    @Override
    public void violation(String what) {
        assertThat(ends).isEmpty();
        violations.add(what);
    }
}
