package io.swarmscope.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.DhtMode;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the flight recorder of the JDK sees. */
class FlightRecorderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void searchesAndSwarmTurnsAreRecorded() throws Exception {
        String word = "flight" + System.nanoTime();
        RegistryConfig config = RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0");
        Path file = directory.resolve("search.jfr");
        try (Recording recording = new Recording();
                Registry holder = Registry.open(config)) {
            recording.enable("io.swarmscope.Search");
            recording.enable("io.swarmscope.SwarmTurn").withThreshold(Duration.ZERO);
            recording.start();
            try (Registry searcher = Registry.open(config.withDhtMode(DhtMode.CLIENT).withBootstrap(holder.addresses()))) {
                searcher.awaitReady(PATIENCE);
                holder.publish(PackageManifest.of("acme/recorder", "1", word));
                assertThat(searcher.search(Query.text(word).limit(7)).hits()).hasSize(1);
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        // Other tests of this JVM may search meanwhile.
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("io.swarmscope.Search"))
                .anySatisfy(event -> {
                    assertThat(event.getInt("results")).isEqualTo(1);
                    assertThat(event.getInt("peersAsked")).isEqualTo(1);
                    assertThat(event.getInt("peersAnswered")).isEqualTo(1);
                    assertThat(event.getBoolean("complete")).isTrue();
                    assertThat(event.getString("stopped")).isEqualTo("ALL_ANSWERED");
                    assertThat(event.getDuration()).isPositive();
                    assertThat(event.getStackTrace()).isNull();
                });
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("io.swarmscope.SwarmTurn"))
                .anySatisfy(event -> assertThat(event.getInt("inputs")).isPositive());
    }
}
