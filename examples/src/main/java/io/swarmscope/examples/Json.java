package io.swarmscope.examples;

import io.swarmscope.PackageManifest;
import io.swarmscope.PeerStatus;
import io.swarmscope.PublishedPackage;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchResult;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the commands print with {@code --json}. Times are milliseconds in fields that end in {@code Ms}, instants ISO 8601, names of
 * outcomes lower-case with hyphens.
 */
final class Json {
    private static final JsonMapper LINE = JsonMapper.builder().build();
    private static final JsonMapper DOCUMENT =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    static ObjectNode object() {
        return LINE.createObjectNode();
    }

    static ArrayNode array() {
        return LINE.createArrayNode();
    }

    static ArrayNode texts(Collection<?> texts) {
        ArrayNode array = array();
        texts.forEach(t -> array.add(t.toString()));
        return array;
    }

    /** On one line. */
    static String line(ObjectNode node) {
        return LINE.writeValueAsString(node);
    }

    /** On many. */
    static String document(ObjectNode node) {
        return DOCUMENT.writeValueAsString(node);
    }

    /** Milliseconds with three decimals. */
    static double ms(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ObjectNode found(PublishedPackage found) {
        PackageManifest manifest = found.manifest();
        ObjectNode node = object()
                .put("id", manifest.id().toString())
                .put("version", manifest.version())
                .put("title", manifest.title())
                .put("description", manifest.description());
        node.set("categories", texts(manifest.categories()));
        node.set("tags", texts(manifest.tags()));
        node.put("license", manifest.license());
        ObjectNode links = object();
        manifest.links().forEach((name, address) -> links.put(name, address.toString()));
        node.set("links", links);
        manifest.content().ifPresent(content -> node.put("content", content.toString()));
        node.set("versions", texts(found.versions()));
        return node.put("publisher", found.publisher().toString())
                .put("sequence", found.sequence())
                .put("publishedAt", found.publishedAt().toString())
                .put("expiresAt", found.expiresAt().toString());
    }

    static ObjectNode search(SearchResult result) {
        ArrayNode hits = array();
        for (SearchResult.Hit hit : result.hits()) {
            ObjectNode node = found(hit.found()).put("score", hit.score());
            node.set("sources", texts(hit.sources()));
            hits.add(node);
        }
        SearchReport report = result.report();
        ArrayNode peers = array();
        for (SearchReport.PeerReport peer : report.peers()) {
            ObjectNode part = object()
                    .put("peer", peer.peer().toString())
                    .put("outcome", word(peer.outcome()))
                    .put("cause", word(peer.cause()))
                    .put("detail", peer.detail())
                    .put("hits", peer.hits())
                    .put("attempts", peer.attempts())
                    .put("elapsedMs", ms(peer.elapsed()))
                    .put("bytesOut", peer.bytesOut())
                    .put("bytesIn", peer.bytesIn());
            peer.claim().ifPresent(claim -> {
                part.put("claimedPackages", claim.records());
                claim.newest().ifPresent(newest -> part.put("claimedNewest", newest.toString()));
            });
            peers.add(part);
        }
        ObjectNode told = object();
        told.set("peers", peers);
        told.put("localHits", report.localHits())
                .put("localPackages", report.localRecords())
                .put("knownPackages", report.knownRecords())
                .put("coverage", report.coverage())
                .put("hops", report.hops())
                .put("stopped", word(report.stopped()))
                .put("complete", report.complete())
                .put("elapsedMs", ms(report.elapsed()))
                .put("timeoutMs", ms(report.timeout()));
        ObjectNode node = object();
        node.set("hits", hits);
        node.set("report", told);
        return node;
    }

    static ObjectNode peer(PeerStatus peer) {
        ObjectNode node = object()
                .put("id", peer.id().toString())
                .put("address", peer.address().toString())
                .put("direction", peer.outbound() ? "outbound" : "inbound")
                .put("agent", peer.agent());
        node.set("protocols", texts(peer.protocols().stream().sorted().toList()));
        node.put("dhtServer", peer.dhtServer());
        peer.latency().ifPresent(latency -> node.put("latencyMs", ms(latency)));
        return node.put("reputation", peer.reputation()).put("connectedMs", ms(peer.connectedFor()));
    }
}
