package io.swarmscope.examples;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.PeerStatus;
import io.swarmscope.PublishedPackage;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchResult;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What the commands print for people: ASCII but for what others published, within 100 columns. */
final class Print {
    private static final int WIDTH = 100;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Print() {}

    /**
     * What was found, as a table, one line each.
     *
     * @param from a short text for the peers that had it
     */
    static List<String> hits(List<SearchResult.Hit> hits, String fromHeader, Function<List<PeerId>, String> from) {
        List<String> sources = hits.stream().map(h -> from.apply(h.sources())).toList();
        int source = Math.max(fromHeader.length(), sources.stream().mapToInt(String::length).max().orElse(0));
        int id = Math.min(40, hits.stream().mapToInt(h -> h.found().id().toString().length()).max().orElse(7));
        int version = Math.min(12, hits.stream().mapToInt(h -> h.found().version().length()).max().orElse(7));
        int title = Math.max(12, WIDTH - 2 - 16 - Math.max(7, id) - Math.max(7, version) - 5 - source);
        List<Integer> rows = java.util.stream.IntStream.range(0, hits.size()).boxed().toList();
        return table(
                rows,
                List.of(
                        left("package").with(i -> Text.cutLeft(hits.get(i).found().id().toString(), id)),
                        left("version").with(i -> Text.cut(hits.get(i).found().version(), version)),
                        left("title").with(i -> Text.cut(Text.line(hits.get(i).found().manifest().title()), title)),
                        right("score").with(i -> String.format(Locale.ROOT, "%.2f", hits.get(i).score())),
                        left(fromHeader).with(sources::get)));
    }

    /** How a search went: two lines on the whole, one for each peer. */
    static List<String> report(SearchReport report, Function<PeerId, String> names) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "asked %s, %d answered; stopped after %s of %s: %s; %s",
                Text.count(report.peers().size(), "peer"),
                report.answered(),
                Text.time(report.elapsed()),
                Text.time(report.timeout()),
                why(report.stopped()),
                report.complete() ? "complete" : "there may be more"));
        lines.add(String.format(
                Locale.ROOT,
                "  looked through %.0f %% of %s",
                100 * report.coverage(),
                Text.count(report.knownRecords(), "package")));
        int width = report.peers().stream().mapToInt(p -> names.apply(p.peer()).length()).max().orElse(0);
        for (SearchReport.PeerReport peer : report.peers()) {
            lines.add(Text.cut(
                    String.format(
                            Locale.ROOT,
                            "  %-" + width + "s  %-11s %7s %9s  %s",
                            names.apply(peer.peer()),
                            what(peer),
                            peer.outcome() == SearchReport.Outcome.ANSWERED ? Text.count(peer.hits(), "hit") : "",
                            Text.time(peer.elapsed()),
                            Text.line(peer.detail())).stripTrailing(),
                    WIDTH));
        }
        if (report.localHits() > 0) {
            lines.add("  " + Text.count(report.localHits(), "hit") + " from this node's own index");
        }
        return lines;
    }

    private static String why(SearchReport.StopReason reason) {
        return switch (reason) {
            case LIMIT_FILLED -> "limit filled";
            case ALL_ANSWERED -> "all answered";
            case DEADLINE -> "time over";
            case NO_PEERS -> "no peer to ask";
            case CANCELLED -> "cancelled";
        };
    }

    private static String what(SearchReport.PeerReport peer) {
        return switch (peer.cause()) {
            case NONE, EMPTY -> "answered";
            case REFUSED -> "refused";
            case RESET -> "broke off";
            case UNREACHABLE -> "unreachable";
            case TIMED_OUT -> "timed out";
            case MALFORMED -> "malformed";
            case DISHONEST -> "dishonest";
            case CANCELLED -> "cancelled";
            case HEDGED -> "overtaken";
        };
    }

    /** A package, as a card. */
    static List<String> found(PublishedPackage found, Function<PeerId, String> names) {
        PackageManifest manifest = found.manifest();
        List<String> lines = new ArrayList<>();
        lines.add(manifest.id() + " " + manifest.version());
        lines.addAll(Text.wrap(Text.line(manifest.title()), WIDTH));
        List<String> description = Text.wrap(Text.line(manifest.description()), WIDTH - 2);
        if (!description.isEmpty() && !Text.line(manifest.description()).equals(Text.line(manifest.title()))) {
            description.stream().limit(6).forEach(l -> lines.add("  " + l));
            if (description.size() > 6) {
                lines.add("  ...");
            }
        }
        field("license", Text.line(manifest.license()), lines);
        field("categories", Text.line(String.join(", ", manifest.categories())), lines);
        field("tags", Text.line(String.join(", ", manifest.tags())), lines);
        manifest.links().forEach((name, address) -> field(name, Text.line(address.toString()), lines));
        manifest.content().ifPresent(content -> field("content", content.toString(), lines));
        field("versions", String.join(", ", found.versions()), lines);
        field("published", DATE.format(found.publishedAt()) + ", expires " + date(found.expiresAt()), lines);
        field("publisher", names.apply(found.publisher()), lines);
        return lines;
    }

    private static String date(Instant instant) {
        return DATE.format(instant);
    }

    private static void field(String name, String value, List<String> lines) {
        String head = name;
        for (String part : Text.wrap(value, WIDTH - 14)) {
            lines.add(String.format(Locale.ROOT, "  %-11s %s", Text.cut(head, 11), part));
            head = "";
        }
    }

    /** Whom a node is connected to. */
    static List<String> peers(Collection<PeerStatus> peers) {
        return table(
                peers,
                List.of(
                        left("peer").with(p -> p.id().shortText()),
                        left("address").with(p -> Text.cutLeft(Text.line(p.address().withoutPeerId().toString()), 30)),
                        left("agent").with(p -> Text.cut(Text.line(p.agent()), 24)),
                        left("dht").with(p -> p.dhtServer() ? "server" : "client"),
                        right("round trip").with(p -> p.latency().map(Text::time).orElse("")),
                        right("for").with(p -> Text.time(p.connectedFor()))));
    }

    private static Column left(String header) {
        return new Column().header(header).headerAlign(HorizontalAlign.LEFT).dataAlign(HorizontalAlign.LEFT);
    }

    private static Column right(String header) {
        return new Column().header(header).headerAlign(HorizontalAlign.RIGHT).dataAlign(HorizontalAlign.RIGHT);
    }

    /** A table without outside borders: header, rule, one line each. */
    private static <T> List<String> table(Collection<T> rows, List<ColumnData<T>> columns) {
        String table = AsciiTable.getTable(
                AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER, rows, columns);
        return table.lines().map(String::stripTrailing).toList();
    }
}
