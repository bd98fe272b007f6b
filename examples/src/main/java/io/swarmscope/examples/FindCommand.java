package io.swarmscope.examples;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.PublishedPackage;
import io.swarmscope.QueryConfig;
import io.swarmscope.Registry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Finds one package by its name. */
@Command(
        name = "find",
        header = "Find one package by its exact name.",
        description = {
            "Joins a network, looks the package up in its distributed hash table, prints it, and leaves. The signature of what"
                    + " is printed was checked."
        },
        exitCodeList = {
            "0:found",
            "1:the nodes that would know answered: there is no such package or version",
            "2:bad command line or value",
            "3:could not find out: nobody reached, or too few answered; it may exist",
            "4:the node cannot start"
        },
        footer = {
            "Examples:",
            "  swarmscope find org.slf4j/slf4j-api --bootstrap /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW...",
            "  swarmscope find org.slf4j/slf4j-api 2.0.20 --json --bootstrap ..."
        })
final class FindCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "namespace/name; for Maven artifacts groupId/artifactId.")
    private String id = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "VERSION",
            description = "This version as it was published; without it, the latest.")
    private @Nullable String version;

    @Mixin
    private Joining joining = new Joining();

    @Override
    int run() throws InterruptedException {
        PackageId wanted = PackageId.parse(id);
        if (version != null) {
            PackageManifest.checkVersion(version);
        }
        try (Registry registry = joining.join(this, QueryConfig.DEFAULT)) {
            Optional<PublishedPackage> found = version == null
                    ? registry.find(wanted, joining.timeout())
                    : registry.findVersion(wanted, version, joining.timeout());
            if (json()) {
                out().println(Json.document(
                        Json.object().put("found", found.isPresent()).set("package", found.map(Json::found).orElse(null))));
            } else if (found.isPresent()) {
                Print.found(found.get(), PeerId::toString).forEach(this::say);
            } else {
                say("There is no package " + wanted + (version == null ? "" : " in version " + version) + ".");
            }
            return found.isPresent() ? Exit.OK : Exit.NOTHING_FOUND;
        }
    }
}
