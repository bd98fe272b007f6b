package io.swarmscope.internal.link;

import static org.awaitility.Awaitility.await;

import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.ConnectionListener;
import io.swarmscope.host.Identified;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a host tells, in order. */
final class Recorder implements ConnectionListener {
    record Event(String kind, Connection connection, Object detail) {}

    record Misdeed(PeerId peer, String what) {}

    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<Misdeed> misdeeds = new CopyOnWriteArrayList<>();

    @Override
    public void opened(Connection connection) {
        events.add(new Event("opened", connection, ""));
    }

    @Override
    public void identified(Connection connection, Identified identified) {
        events.add(new Event("identified", connection, identified));
    }

    @Override
    public void closed(Connection connection, String reason) {
        events.add(new Event("closed", connection, reason));
    }

    @Override
    public void misbehaved(PeerId peer, String what) {
        misdeeds.add(new Misdeed(peer, what));
    }

    List<Event> of(String kind) {
        return events.stream().filter(e -> e.kind().equals(kind)).toList();
    }

    List<String> kindsOf(Connection connection) {
        return events.stream()
                .filter(e -> e.connection() == connection)
                .map(Event::kind)
                .toList();
    }

    Connection awaitOpened() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !of("opened").isEmpty());
        return of("opened").getLast().connection();
    }

    Identified awaitIdentified() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !of("identified").isEmpty());
        return (Identified) of("identified").getLast().detail();
    }

    String awaitClosed() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !of("closed").isEmpty());
        return (String) of("closed").getLast().detail();
    }
}
