package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.DhtMode;
import io.swarmscope.Location;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerStanding;
import io.swarmscope.PeerStatus;
import io.swarmscope.PublishReceipt;
import io.swarmscope.PublishedPackage;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchResult;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Real nodes over real sockets: what a user does first. */
class NetworkTest {

    @Test
    void twoNodesBootstrapAndSeeEachOther() throws Exception {
        try (Network network = new Network()) {
            Registry one = network.open();
            Registry two = network.open();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(one.status().peers()).extracting(PeerStatus::id).containsExactly(two.id());
                assertThat(two.status().peers()).extracting(PeerStatus::id).containsExactly(one.id());
                assertThat(one.status().routingTable()).isEqualTo(1);
                assertThat(two.status().routingTable()).isEqualTo(1);
            });
            assertThat(two.bootstrap()).isEqualTo(1);
        }
    }

    @Test
    void whatOneNodePublishesTheTwoOthersFind() throws Exception {
        try (Network network = new Network()) {
            Registry one = network.open();
            Registry two = network.open();
            Registry three = network.openClient();
            PackageManifest manifest = manifest("acme/logger", "1.2.0", "A small logger");
            PublishReceipt receipt = two.publish(manifest);
            assertThat(receipt.reachedNetwork()).isTrue();

            for (Registry reader : new Registry[] {one, three}) {
                Optional<PublishedPackage> found = reader.find(PackageId.parse("acme/logger"));
                assertThat(found).isPresent();
                assertThat(found.get().manifest()).isEqualTo(manifest);
                assertThat(found.get().publisher()).isEqualTo(two.id());
                assertThat(reader.exists(PackageId.parse("acme/logger"))).isTrue();
            }
            assertThat(three.find(PackageId.parse("acme/nothing"))).isEmpty();
            assertThat(three.exists(PackageId.parse("acme/nothing"))).isFalse();
        }
    }

    @Test
    void whatOneNodePublishesAnotherSearches() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            Registry other = network.open();
            Registry searcher = network.openClient();
            publisher.publish(manifest("acme/logger", "1.2.0", "A small logger").withCategories("Logging"));
            publisher.publish(manifest("acme/parser", "0.9", "A parser").withDescription("Parses LOGGER output"));
            other.publish(manifest("other/thing", "3", "Something else").withTags("misc"));

            SearchResult result = searcher.search(Query.text("logger"));
            assertThat(result.packages())
                    .extracting(p -> p.id().toString())
                    .containsExactly("acme/logger", "acme/parser");
            assertThat(result.complete()).isTrue();
            assertThat(result.report().stopped()).isEqualTo(SearchReport.StopReason.ALL_ANSWERED);
            assertThat(result.report().peers())
                    .hasSize(2)
                    .allSatisfy(p -> assertThat(p.outcome()).isEqualTo(SearchReport.Outcome.ANSWERED));
            assertThat(result.report().localHits()).isZero();

            assertThat(searcher.search(Query.all().inCategories("logging")).packages())
                    .extracting(PublishedPackage::version)
                    .containsExactly("1.2.0");
            assertThat(searcher.search(Query.all().withTags("MISC", "unknown")).packages())
                    .extracting(p -> p.id().name())
                    .containsExactly("thing");
            assertThat(searcher.search(Query.text("no such words anywhere")).hits()).isEmpty();
        }
    }

    @Test
    void aSearchForOneEndsOnFirstSuccess() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            network.open();
            Registry searcher = network.openClient();
            publisher.publish(manifest("acme/logger", "1.2.0", "A small logger"));
            SearchResult result = searcher.search(Query.text("logger").limit(1));
            assertThat(result.hits()).hasSize(1);
            assertThat(result.report().stopped()).isEqualTo(SearchReport.StopReason.LIMIT_FILLED);
        }
    }

    @Test
    void versionsAreListedNewestFirstAndEachIsFoundAsItWas() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            network.open();
            Registry reader = network.openClient();
            PackageId id = PackageId.parse("acme/logger");
            publisher.publish(manifest("acme/logger", "1.9.0", "Old title"));
            publisher.publish(manifest("acme/logger", "1.10.0", "New title"));

            assertThat(reader.versions(id)).containsExactly("1.10.0", "1.9.0");
            assertThat(reader.find(id).orElseThrow().manifest().title()).isEqualTo("New title");
            assertThat(reader.findVersion(id, "1.9.0").orElseThrow().manifest().title()).isEqualTo("Old title");
            assertThat(reader.findVersion(id, "7.0.0")).isEmpty();
            assertThat(reader.versions(PackageId.parse("acme/nothing"))).isEmpty();
        }
    }

    @Test
    void aWithdrawnPackageIsNoLongerFoundNorSearched() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            Registry holder = network.open();
            Registry reader = network.openClient();
            PackageId id = PackageId.parse("acme/logger");
            publisher.publish(manifest("acme/logger", "1.2.0", "A small logger"));
            assertThat(reader.find(id)).isPresent();
            publisher.unpublish(id);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(holder.find(id)).isEmpty();
                assertThat(holder.search(Query.text("logger")).hits()).isEmpty();
                assertThat(publisher.search(Query.text("logger")).hits()).isEmpty();
            });
            assertThatThrownBy(() -> holder.unpublish(id)).isInstanceOf(RegistryException.Conflict.class);
        }
    }

    @Test
    void aNodeThatIsAloneKeepsWhatItPublishesAndOffersItWhenPeersCome() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            PublishReceipt receipt = publisher.publish(manifest("acme/early", "1", "Published before anybody was there"));
            assertThat(receipt.reachedNetwork()).isFalse();
            assertThat(publisher.find(PackageId.parse("acme/early"))).isPresent();

            Registry late = network.open();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(late.status().packages()).isEqualTo(1));
            assertThat(late.find(PackageId.parse("acme/early"))).isPresent();
        }
    }

    @Test
    void whatWasPublishedByANodeAloneIsFoundByTheFirstWhoAsksItByName() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            publisher.publish(manifest("acme/early", "1", "Published before anybody was there"));
            Registry client = network.openClient();
            assertThat(client.find(PackageId.parse("acme/early"))).isPresent();
            assertThat(client.findVersion(PackageId.parse("acme/early"), "1")).isPresent();
        }
    }

    @Test
    void aNodeExplainsWhatItThinksOfThoseItAsked() throws Exception {
        try (Network network = new Network()) {
            Registry berlin = network.open(config -> config.withLocation(new Location(52.5, 13.4)));
            Registry near = network.open(config -> config.withDhtMode(DhtMode.CLIENT).withLocation(new Location(52.4, 13.1)));
            Registry silent = network.openClient();
            berlin.publish(manifest("acme/logger", "1.2.0", "A small logger"));
            await().atMost(PATIENCE).untilAsserted(() -> {
                near.search(Query.text("logger"));
                PeerStanding standing = near.explain(berlin.id());
                assertThat(standing.successes()).isGreaterThan(1);
                assertThat(standing.nearness()).isBetween(0.98, 1.0);
                assertThat(standing.score()).isGreaterThan(0.1);
            });
            assertThat(silent.explain(berlin.id()).nearness()).isZero();
            assertThat(near.explain(silent.id()).newcomer()).isTrue();
        }
    }

    @Test
    void aNodeWithNobodyToAskCouldNotFindOut() throws Exception {
        try (Network network = new Network()) {
            Registry alone = network.open();
            assertThatThrownBy(() -> alone.find(PackageId.parse("acme/logger")))
                    .isInstanceOf(RegistryException.CouldNotFindOut.class);
            SearchResult result = alone.search(Query.text("logger"));
            assertThat(result.hits()).isEmpty();
            assertThat(result.report().stopped()).isEqualTo(SearchReport.StopReason.NO_PEERS);
        }
    }
}
