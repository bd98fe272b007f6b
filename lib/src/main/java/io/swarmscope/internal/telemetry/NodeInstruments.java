package io.swarmscope.internal.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.metrics.ObservableMeasurement;
import io.swarmscope.PeerId;
import io.swarmscope.QueryMetrics;
import io.swarmscope.RegistryException;
import io.swarmscope.RegistryStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a node counts anyway, as instruments that are read when somebody collects metrics; what is counted pays nothing for it. Runs on the thread of
 * the SDK's reader, which it holds up for as long as the swarm takes to say its figures.
 *
 * <p>Each measurement carries {@code swarmscope.node.id}, since a process may run several nodes.
 */
public final class NodeInstruments implements AutoCloseable {

    private static final String REASON = "swarmscope.reason";
    private static final String DIRECTION = "network.io.direction";

    /** The figures of a node. */
    @FunctionalInterface
    public interface Source {
        /** Reads them; blocks for a moment. */
        Reading read() throws InterruptedException;
    }

    /** All figures of one moment. */
    public record Reading(RegistryStatus status, QueryMetrics queries) {}

    private final Source source;
    private final Attributes node;
    private final Meter meter;
    private final List<ObservableMeasurement> all = new ArrayList<>();
    private final BatchCallback callback;

    private final ObservableLongMeasurement connections;
    private final ObservableLongMeasurement table;
    private final ObservableLongMeasurement records;
    private final ObservableLongMeasurement packages;
    private final ObservableLongMeasurement mesh;
    private final ObservableLongMeasurement operationsUnderWay;
    private final ObservableLongMeasurement searches;
    private final ObservableLongMeasurement finds;
    private final ObservableLongMeasurement operations;
    private final ObservableLongMeasurement requests;
    private final ObservableLongMeasurement announcements;
    private final ObservableLongMeasurement bytes;
    private final ObservableLongMeasurement refused;
    private final ObservableLongMeasurement violations;
    private final ObservableLongMeasurement limits;
    private final ObservableLongMeasurement inputs;
    private final ObservableLongMeasurement turns;
    private final ObservableDoubleMeasurement busy;
    private final ObservableDoubleMeasurement longestTurn;

    NodeInstruments(Meter meter, PeerId node, Source source) {
        this.meter = meter;
        this.source = source;
        this.node = Attributes.builder().put("swarmscope.node.id", node.toString()).build();
        connections = level("connections", "{connection}", "Open connections, by who dialed");
        table = level("dht.table.size", "{peer}", "Peers in the routing table");
        records = level("dht.records", "{record}", "Records stored for the DHT");
        packages = level("packages", "{package}", "Packages in the local index");
        mesh = level("gossip.mesh.size", "{peer}", "Peers in the meshes of all topics");
        operationsUnderWay = level("dht.operations.active", "{operation}", "Operations over the DHT under way");
        searches = level("search.active", "{search}", "Searches under way");
        finds = level("find.active", "{find}", "Looking for one package, under way");
        operations = count("dht.operations", "{operation}", "Operations over the DHT that ended");
        requests = count("dht.requests", "{request}", "Requests of peers to the DHT that were answered");
        announcements = count("gossip.announcements", "{announcement}", "Announcements published and delivered by gossip");
        bytes = count("network.io", "By", "Bytes on all connections");
        refused = count("records.refused", "{record}", "Records that were refused, by the rule they break");
        violations = count("violations", "{violation}", "Protocols broken by peers");
        limits = count("limits.met", "{event}", "What peers did that met a limit, by how it ended");
        inputs = count("swarm.events", "{event}", "Events and commands that the swarm thread took");
        turns = count("swarm.turns", "{turn}", "Turns of the swarm thread");
        busy = meter.counterBuilder("swarmscope.swarm.busy_time")
                .ofDoubles()
                .setUnit("s")
                .setDescription("How long the swarm thread was busy; divided by the turns, the time of one")
                .buildObserver();
        longestTurn = meter.gaugeBuilder("swarmscope.swarm.turn.longest")
                .setUnit("s")
                .setDescription("The longest turn of the swarm thread since the start")
                .buildObserver();
        all.add(longestTurn);
        callback = meter.batchCallback(this::tell, busy, all.toArray(new ObservableMeasurement[0]));
    }

    private ObservableLongMeasurement level(String name, String unit, String description) {
        ObservableLongMeasurement made = meter.upDownCounterBuilder("swarmscope." + name)
                .setUnit(unit)
                .setDescription(description)
                .buildObserver();
        all.add(made);
        return made;
    }

    private ObservableLongMeasurement count(String name, String unit, String description) {
        ObservableLongMeasurement made = meter.counterBuilder("swarmscope." + name)
                .setUnit(unit)
                .setDescription(description)
                .buildObserver();
        all.add(made);
        return made;
    }

    private void tell() {
        try {
            Reading reading = source.read();
            levels(reading.status(), reading.queries());
            counts(reading.status().counters());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RegistryException e) {
            // The node is closing, or busy for too long: it is asked again the next time.
        }
    }

    private void levels(RegistryStatus status, QueryMetrics queries) {
        Map<String, Long> counters = status.counters();
        connections.record(of(counters, "host.inbound"), with("swarmscope.direction", "inbound"));
        connections.record(of(counters, "host.outbound"), with("swarmscope.direction", "outbound"));
        table.record(status.routingTable(), node);
        records.record(status.records(), node);
        packages.record(status.packages(), node);
        mesh.record(of(counters, "gossip.mesh"), node);
        operationsUnderWay.record(status.running(), node);
        searches.record(queries.searches().inFlight(), node);
        finds.record(queries.finds().inFlight(), node);
    }

    private void counts(Map<String, Long> counters) {
        operations.record(of(counters, "kad.operations"), node);
        requests.record(of(counters, "kad.requests"), node);
        announcements.record(of(counters, "gossip.published"), with(DIRECTION, "transmit"));
        announcements.record(of(counters, "gossip.delivered"), with(DIRECTION, "receive"));
        bytes.record(of(counters, "host.bytes-out"), with(DIRECTION, "transmit"));
        bytes.record(of(counters, "host.bytes-in"), with(DIRECTION, "receive"));
        violations.record(of(counters, "violations"), node);
        limits.record(of(counters, "host.refused"), with(REASON, "refused"));
        limits.record(of(counters, "host.timed-out"), with(REASON, "timed_out"));
        limits.record(of(counters, "gossip.passed-over") + of(counters, "kad.passed-over"), with(REASON, "passed_over"));
        inputs.record(of(counters, "swarm.inputs"), node);
        turns.record(of(counters, "swarm.turns"), node);
        busy.record(of(counters, "swarm.busy-nanos") / 1e9, node);
        longestTurn.record(of(counters, "swarm.longest-turn-nanos") / 1e9, node);
        counters.forEach((name, count) -> {
            if (name.startsWith("refused.")) {
                refused.record(count, with(REASON, name.substring("refused.".length())));
            }
        });
    }

    private static long of(Map<String, Long> counters, String name) {
        return counters.getOrDefault(name, 0L);
    }

    private Attributes with(String key, String value) {
        return node.toBuilder().put(key, value).build();
    }

    @Override
    public void close() {
        callback.close();
    }
}
