package io.swarmscope.examples;

import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.QueryConfig;
import io.swarmscope.Registry;
import io.swarmscope.SearchResult;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Searches the network once. */
@Command(
        name = "search",
        header = "Search the packages of a network.",
        description = {
            "Joins a network, asks some of its nodes for packages that match, prints them best first, and leaves.",
            "A package matches if all WORDS, or longer words that begin with them, are in its name, title, tags or description, and"
                    + " if it has any of the categories, of the tags and of the licences. One typing error is forgiven in words of"
                    + " five letters or more. Below the results stands who was asked, what each did, and why the search ended."
        },
        exitCodeList = {
            "0:found something",
            "1:all that were asked answered, and there is nothing",
            "2:bad command line or value",
            "3:found nothing, but not all could be asked; or nobody could be reached",
            "4:the node cannot start"
        },
        footer = {
            "Examples:",
            "  swarmscope search json parser --bootstrap /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW...",
            "  swarmscope search --category maven-plugin --limit 5 --bootstrap ...",
            "  swarmscope search junit --json --bootstrap ... | jq -r '.hits[].id'"
        })
final class SearchCommand extends BaseCommand {
    @Parameters(paramLabel = "WORDS", arity = "0..*", description = "Words to look for, upper or lower case.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--category", paramLabel = "C", description = "Only packages in this category. May be repeated: any of them.")
    private List<String> categories = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "T", description = "Only packages with this tag. May be repeated: any of them.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--license", paramLabel = "L", description = "Only packages under this licence. May be repeated: any of them.")
    private List<String> licenses = new ArrayList<>();

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            defaultValue = "relevance",
            description = "What comes first, relevance or newest (default: ${DEFAULT-VALUE}).")
    private Query.Order sort = Query.Order.RELEVANCE;

    @Option(
            names = "--offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Leave out that many at the beginning (default: ${DEFAULT-VALUE}).")
    private int offset;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Stop when this many are found (default: ${DEFAULT-VALUE}). With 1, the first answer wins.")
    private int limit = 20;

    @Option(
            names = "--fan-out",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many nodes to ask (default: ${DEFAULT-VALUE}).")
    private int fanOut = 3;

    @Mixin
    private Joining joining = new Joining();

    @Override
    int run() throws InterruptedException {
        if (words.isEmpty() && categories.isEmpty() && tags.isEmpty() && licenses.isEmpty()) {
            throw new ParameterException(spec().commandLine(), "say what to look for: WORDS, --category, --tag or --license");
        }
        if (limit < 1) {
            throw new ParameterException(spec().commandLine(), "--limit " + limit + ": 1 to 1000");
        }
        Query query = Query.text(String.join(" ", words))
                .inCategories(categories.toArray(String[]::new))
                .withTags(tags.toArray(String[]::new))
                .withLicense(licenses.toArray(String[]::new))
                .orderedBy(sort)
                .offset(offset)
                .limit(limit);
        try (Registry registry = joining.join(this, QueryConfig.DEFAULT.withFanOut(fanOut))) {
            SearchResult result = registry.search(query, joining.timeout());
            if (json()) {
                out().println(Json.document(Json.search(result)));
            } else if (result.hits().isEmpty()) {
                say(result.complete() ? "Nothing found." : "Nothing found so far.");
                Print.report(result.report(), PeerId::shortText).forEach(this::say);
            } else {
                Print.hits(result.hits(), "from", SearchCommand::peers).forEach(this::say);
                say("");
                Print.report(result.report(), PeerId::shortText).forEach(this::say);
            }
            return exitCode(result);
        }
    }

    /** One of them by name; who sent how much is in the report. */
    private static String peers(List<PeerId> sources) {
        String first = sources.isEmpty() ? "" : sources.getFirst().shortText();
        return sources.size() > 1 ? first + " +" + (sources.size() - 1) : first;
    }

    private static int exitCode(SearchResult result) {
        if (!result.hits().isEmpty()) {
            return Exit.OK;
        }
        return result.complete() ? Exit.NOTHING_FOUND : Exit.COULD_NOT_FIND_OUT;
    }
}
