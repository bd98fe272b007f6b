package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.ContentId;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.End;
import io.swarmscope.internal.kad.LookupReport;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a DHT of one peer that stores what it is given, or nothing. */
class RepublisherTest {
    private static final long SEED = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Identity self = Heads.someone();
    private final PeerId holder = Heads.someone().peerId();
    private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private volatile boolean reachable = true;
    private volatile int wanted = 1;
    private final AtomicInteger operations = new AtomicInteger();
    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
    private final Map<Bytes, Boolean> provided = new ConcurrentHashMap<>();

    private final Store store = Store.inMemory("test", () -> now);
    private final Packages packages = new Packages(
            RegistryConfig.DEFAULT.withNetwork(Heads.NETWORK), self.peerId(), () -> now, new Journal(store, () -> now));
    private final Signer signer = new Signer(self, Heads.NETWORK, Duration.ofHours(48), () -> now);
    private final Offers offers = new Offers(this::dht, packages.validators(), 100_000, Forks.best());
    private final Outbox outbox = new Outbox(Duration.ofHours(48), packages.journal(), new SplittableRandom(SEED));
    private final Republisher republisher = new Republisher(packages, signer, offers, outbox, () -> reachable);

    @AfterEach
    void close() {
        store.close();
    }

    private OperationResult dht(Operation operation, Deadline deadline) {
        operations.incrementAndGet();
        LookupReport report = new LookupReport(End.EXHAUSTED, 1, List.of(holder), List.of(), 1, 1);
        if (operation instanceof Operation.PutValue put && reachable) {
            stored.put(new String(put.record().key().array(), StandardCharsets.UTF_8), put.record().value().array());
        }
        if (operation instanceof Operation.Provide provide) {
            provided.put(provide.key(), true);
        }
        return new OperationResult.Stored(wanted, reachable ? List.of(holder) : List.of(), List.of(), report);
    }

    @Test
    void whatWaitsIsOfferedOnceSomebodyIsThere() throws Exception {
        reachable = false;
        PackageId id = publish("acme/logger", "1");
        republisher.tick();
        assertThat(operations).as("nobody to ask, nothing tried").hasValue(0);
        assertThat(republisher.waiting()).isEqualTo(2);

        reachable = true;
        republisher.tick();

        assertThat(republisher.waiting()).isZero();
        assertThat(stored).containsOnlyKeys("/pkg/acme/logger", "/ver/acme/logger/1");
        assertThat(RecordCodec.open(stored.get("/pkg/acme/logger")).id()).isEqualTo(id);
        republisher.tick();
        assertThat(operations).hasValue(2);
    }

    @Test
    void hundredsThatWaitGoOut() throws Exception {
        for (int i = 0; i < 200; i++) {
            publish("acme/p" + i, "1");
        }

        republisher.tick();
        while (republisher.waiting() > 0) {
            republisher.tick(); // a tick ends within seconds, however busy the machine is
        }

        assertThat(stored).hasSize(400);
    }

    @Test
    void aNetworkThatStoresNothingIsNotPestered() throws Exception {
        for (int i = 0; i < 500; i++) {
            publish("acme/p" + i, "1");
        }
        Offers deaf = new Offers(
                (operation, deadline) -> {
                    operations.incrementAndGet();
                    return new OperationResult.Stored(
                            1, List.of(), List.of(), new LookupReport(End.EXHAUSTED, 1, List.of(), List.of(), 0, 1));
                },
                packages.validators(),
                100_000,
                Forks.best());
        Republisher hopeful = new Republisher(packages, signer, deaf, outbox, () -> true);

        hopeful.tick();
        hopeful.tick();
        hopeful.tick();

        assertThat(operations).as("one batch, then a pause").hasValueLessThanOrEqualTo(4 * Offers.AT_ONCE);
        assertThat(hopeful.waiting()).isEqualTo(1000);
    }

    @Test
    void whatGrowsOldIsSignedAnewAndOfferedWithAllItsVersions() throws Exception {
        PackageId id = publish("acme/logger", "1");
        publish("acme/logger", "2");
        republisher.tick();
        Signed<?> before = RecordCodec.open(stored.get("/pkg/acme/logger"));
        stored.clear();

        now = now.plus(Duration.ofHours(15));
        republisher.tick();
        assertThat(stored).as("too early").isEmpty();

        now = now.plus(Duration.ofHours(15));
        republisher.tick();
        assertThat(stored).containsOnlyKeys("/pkg/acme/logger", "/ver/acme/logger/1", "/ver/acme/logger/2");
        Signed<?> after = RecordCodec.open(stored.get("/pkg/acme/logger"));
        assertThat(after.replaces(before)).isTrue();
        assertThat(after.sequence()).isEqualTo(before.sequence());
        assertThat(packages.index().find(id)).contains(after);
    }

    @Test
    void aTombstoneIsNotSignedAnewButPutAgainUntilNobodyNeedsIt() throws Exception {
        PackageId id = publish("acme/logger", "1");
        republisher.tick();
        Publication withdrawn = signer.withdraw(packages.own().find(id), List.of());
        packages.keep(withdrawn, Deadline.after(PATIENCE));
        republisher.remember(withdrawn.keys());
        republisher.tick();
        assertThat(stored.get("/pkg/acme/logger")).isEqualTo(withdrawn.state().encoded());

        now = now.plus(Duration.ofHours(40));
        stored.clear();
        republisher.tick();
        assertThat(stored.get("/pkg/acme/logger")).isEqualTo(withdrawn.state().encoded());

        now = now.plus(Duration.ofDays(30));
        stored.clear();
        republisher.tick();
        assertThat(stored).isEmpty();
    }

    @Test
    void whatTooFewStoreIsPutAgainLaterAndLaterAndThenLeftAtThat() throws Exception {
        wanted = 3;
        publish("acme/logger", "1");
        republisher.tick();
        assertThat(republisher.waiting()).as("one of three has each").isEqualTo(2);
        assertThat(operations).hasValue(2);

        republisher.tick();
        assertThat(operations).as("not at once").hasValue(2);
        now = now.plusSeconds(40);
        republisher.tick();
        assertThat(operations).hasValue(4);
        now = now.plusSeconds(40);
        republisher.tick();
        assertThat(operations).as("the next pause is longer").hasValue(4);

        wanted = 1;
        now = now.plusSeconds(40);
        republisher.tick();
        assertThat(operations).hasValue(6);
        assertThat(republisher.waiting()).isZero();
    }

    @Test
    void whatIsStoredIsPutAgainBeforeItsHoldersForgetItThoughItIsNotYetRenewed() throws Exception {
        Signer patient = new Signer(self, Heads.NETWORK, Duration.ofDays(30), () -> now);
        Publication published = patient.publish(Heads.manifest("acme/logger", "1"), null, null);
        packages.keep(published, Deadline.after(PATIENCE));
        republisher.remember(published.keys());
        republisher.tick();
        stored.clear();

        now = now.plus(Duration.ofHours(17));
        republisher.tick();
        assertThat(stored).isEmpty();
        now = now.plus(Duration.ofHours(8));
        republisher.tick();
        assertThat(stored.get("/pkg/acme/logger")).isEqualTo(published.state().encoded());
    }

    @Test
    void expiredPackagesOfOthersAreForgotten() throws Exception {
        Identity bob = Heads.someone();
        packages.index().offer(RecordCodec.seal(bob, Heads.head(Heads.manifest("bob/p", "1"), 1, now)));
        assertThat(packages.index().packages()).isEqualTo(1);

        now = now.plus(Duration.ofHours(2));
        republisher.tick();

        assertThat(packages.index().packages()).isZero();
    }

    @Test
    void theContentIsAnnouncedWithTheRecordOfThePackage() throws Exception {
        ContentId content = new ContentId("sha2-256", "ab".repeat(32));
        keep(PackageManifest.of("acme/blob", "1", "T").withContent(content));

        republisher.tick();

        assertThat(provided).containsOnlyKeys(Offers.keyOf(content));
        assertThat(Offers.keyOf(content).array()).startsWith(0x12, 0x20, 0xab).hasSize(34);
        assertThat(Offers.keyOf(new ContentId("blake3", "ab".repeat(32))).array()).startsWith(0x12, 0x20).hasSize(34);
    }

    private PackageId publish(String id, String version) throws InterruptedException {
        return keep(Heads.manifest(id, version));
    }

    private PackageId keep(PackageManifest manifest) throws InterruptedException {
        PackageId id = manifest.id();
        Publication publication = signer.publish(manifest, packages.own().find(id), null);
        packages.keep(publication, Deadline.after(PATIENCE));
        republisher.remember(publication.keys());
        return id;
    }
}
