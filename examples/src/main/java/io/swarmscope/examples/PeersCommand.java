package io.swarmscope.examples;

import io.swarmscope.PeerStatus;
import io.swarmscope.QueryConfig;
import io.swarmscope.Registry;
import io.swarmscope.RegistryStatus;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ArrayNode;

/** Shows whom one meets in a network. */
@Command(
        name = "peers",
        header = "Show the nodes one meets on joining a network.",
        description = {"Joins a network, looks around until it knows its neighbourhood, prints whom it is connected to, and leaves."},
        exitCodeList = {
            "0:connected to at least one node",
            "2:bad command line or value",
            "3:nobody could be reached",
            "4:the node cannot start"
        },
        footer = {
            "Example:",
            "  swarmscope peers --bootstrap /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW..."
        })
final class PeersCommand extends BaseCommand {
    @Mixin
    private Joining joining = new Joining();

    @Override
    int run() throws InterruptedException {
        try (Registry registry = joining.join(this, QueryConfig.DEFAULT)) {
            registry.awaitReady(joining.timeout());
            RegistryStatus status = registry.status();
            List<PeerStatus> peers = status.peers().stream().sorted(Comparator.comparing(PeerStatus::id)).toList();
            if (json()) {
                ArrayNode all = Json.array();
                peers.forEach(p -> all.add(Json.peer(p)));
                out().println(Json.document(Json.object()
                        .put("id", status.id().toString())
                        .put("routingTable", status.routingTable())
                        .set("peers", all)));
            } else {
                Print.peers(peers).forEach(this::say);
                say("");
                say("connected to " + Text.count(peers.size(), "peer") + ", " + status.routingTable()
                        + " in the routing table; --json prints full peer ids");
            }
            return peers.isEmpty() ? Exit.COULD_NOT_FIND_OUT : Exit.OK;
        }
    }
}
