package io.swarmscope.internal.node;

import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.kad.Hop;
import io.swarmscope.internal.kad.LookupReport;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.search.FindService;
import io.swarmscope.internal.telemetry.TracedPart;
import io.swarmscope.internal.telemetry.Telemetry;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The DHT, each operation a span with one event for each peer it asked, made of the lookup's report when it has ended: the swarm thread does not know
 * of it. Thread-safe; runs on its callers' threads.
 */
final class TracedDht implements FindService.Dht {

    private final FindService.Dht dht;
    private final Telemetry telemetry;

    TracedDht(FindService.Dht dht, Telemetry telemetry) {
        this.dht = dht;
        this.telemetry = telemetry;
    }

    @Override
    public OperationResult run(Operation operation, Deadline deadline) throws InterruptedException {
        try (TracedPart part = telemetry.begin("dht " + name(operation))) {
            try {
                OperationResult result = dht.run(operation, deadline);
                if (part.isSeen()) {
                    describe(part, result);
                }
                return result;
            } catch (RuntimeException | InterruptedException e) {
                part.failed(e);
                throw e;
            }
        }
    }

    private static String name(Operation operation) {
        return switch (operation) {
            case Operation.FindClosest o -> "find_closest";
            case Operation.FindPeer o -> "find_peer";
            case Operation.GetValue o -> "get_value";
            case Operation.PutValue o -> "put_value";
            case Operation.Provide o -> "provide";
            case Operation.FindProviders o -> "find_providers";
            case Operation.Bootstrap o -> "bootstrap";
        };
    }

    private static void describe(TracedPart part, OperationResult result) {
        switch (result) {
            case OperationResult.Closest closest -> walked(part, closest.report());
            case OperationResult.FoundPeer found -> walked(part, found.report());
            case OperationResult.FoundValue found -> walked(part.set("swarmscope.dht.values", found.values()), found.report());
            case OperationResult.FoundProviders found ->
                walked(part.set("swarmscope.dht.providers", found.providers().size()), found.report());
            case OperationResult.Bootstrapped done -> walked(part.set("swarmscope.dht.lookups", done.lookups()), done.report());
            case OperationResult.Stored stored ->
                walked(
                        part.set("swarmscope.dht.stored", stored.stored().size()).set("swarmscope.dht.wanted", stored.wanted()),
                        stored.report());
            case OperationResult.Refused refused -> part.failed("refused", refused.reason());
        }
    }

    private static void walked(TracedPart part, LookupReport report) {
        part.set("swarmscope.dht.end", report.end().name().toLowerCase(Locale.ROOT))
                .set("swarmscope.dht.asked", report.asked())
                .set("swarmscope.dht.answered", report.answered().size())
                .set("swarmscope.dht.failed", report.failed().size())
                .set("swarmscope.dht.hops", report.hops());
        Instant began = Instant.now().minusNanos(report.nanos());
        for (Hop hop : report.trail()) {
            part.event("hop", began.plusNanos(hop.askedAfterNanos()), about(hop));
        }
    }

    private static Map<String, Object> about(Hop hop) {
        Map<String, Object> about = new HashMap<>();
        about.put("swarmscope.peer.id", hop.peer().toString());
        about.put("swarmscope.dht.depth", hop.depth());
        hop.tookNanos().ifPresent(nanos -> about.put("swarmscope.dht.took", nanos / 1e9));
        hop.failure().ifPresent(failure -> about.put("error.message", failure));
        return about;
    }
}
