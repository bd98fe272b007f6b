package io.swarmscope.internal.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.gossip.Messages;
import io.swarmscope.internal.gossip.Verdict;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.node.Attacks.Attempt;
import io.swarmscope.internal.peer.DeafObserver;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.sync.SyncRecords;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Forged, replayed, foreign, rolled-back, expired, oversized records, and records signed by another key, come to a node that holds a few hundred
 * honest packages, by every way there is. None is taken but what whoever owns the namespace signed for this network and time, and what stands
 * for the honest packages stays as it was.
 */
class RecordAttackTest {

    private static final int AT_ONCE = 50_000;
    private static final Duration SKEW = Duration.ofMillis(Limits.RECORD_CLOCK_SKEW_MILLIS);

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // for a busy machine
    void noneOfTwentyThousandAttacksIsTaken() {
        Map<String, Integer> taken = new Run(20_261_121).attacks(20_000);
        // Not all of it is forbidden, or else nothing would show that anything arrives at all.
        assertThat(taken).containsKeys(
                "replayed", "the highest sequence number", "a key of another kind", "a trick in the JSON", "false evidence", "under another key",
                "the other ECDSA signature");
        assertThat(taken).doesNotContainKeys(
                "flipped bits", "truncated", "encoded otherwise", "the key encoded otherwise", "another form of the signature", "rubbish",
                "signed for another time or network", "signed by another key", "refuted", "a key of low order", "for another purpose", "too large",
                "newer, by another key");
    }

    @Test
    @Tag("slow")
    @Timeout(1_800)
    void noneOfAMillionAttacksIsTaken() {
        LongStream.range(0, 1_000_000 / AT_ONCE).parallel().forEach(seed -> new Run(seed).attacks(AT_ONCE));
    }

    /** One node under attack. Used by one thread. */
    private static final class Run {
        private final long seed;
        private final Random random;
        private final PeerObserver observations = new DeafObserver();
        private final PeerId from;
        private int number;
        private final Map<String, Integer> taken = new TreeMap<>();
        private final Map<String, PeerId> firstOwners = new HashMap<>();

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.from = HonestPublisher.identity(random).peerId();
        }

        Map<String, Integer> attacks(int count) {
            try (HonestWorld world = new HonestWorld(random)) {
                firstOwners.putAll(world.owners);
                Attacks attacks = new Attacks(world, random);
                Ways ways = new Ways(world);
                for (int i = 0; i < count; i++) {
                    Attempt attempt = attacks.next();
                    number = i;
                    ways.attack(attempt);
                    if (world.standing(attempt.target()) != null && !world.isAsItWas(attempt.target())) {
                        throw new AssertionError(describe(attempt) + ": " + attempt.target() + " is not as it was");
                    }
                    if (i % 2_000 == 0) {
                        world.requireUnharmed(describe(attempt));
                    }
                }
                world.packages.index().expire();
                world.requireUnharmed("seed " + seed + ", all");
            }
            return taken;
        }

        private String describe(Attempt attempt) {
            return "seed " + seed + ", attempt " + number + ", " + attempt.what();
        }

        /** The ways into a node. */
        private final class Ways {
            private final HonestWorld world;
            private final HeadGossip gossip;
            private final SyncedRecords synced;
            private final RegistryConfig config = RegistryConfig.DEFAULT.withNetwork(Heads.NETWORK);

            Ways(HonestWorld world) {
                this.world = world;
                this.gossip = new HeadGossip(config, world.packages.validator(), world.packages.heldPackages(), observations);
                this.synced = new SyncedRecords(world.packages.heldPackages(), world.packages.validator(), observations);
            }

            void attack(Attempt attempt) {
                if (attempt.evidence()) {
                    Verdict verdict = gossip.judge(from, attempt.author(), Messages.of(attempt.author(), HeadGossip.evidenceTopic(config), attempt.bytes()));
                    count(verdict == Verdict.ACCEPT, attempt);
                    if (verdict == Verdict.ACCEPT) {
                        Signed<?> about = HonestWorld.read(Forgery.standing(attempt.bytes()));
                        requireOwner(about, describe(attempt));
                        world.packages.index().find(about.id()).ifPresent(record -> requireTimely(record, describe(attempt)));
                    }
                    return;
                }
                int way = random.nextInt(5);
                for (int i = 0; i < 5; i++) {
                    boolean accepted = switch ((way + i) % 5) {
                        case 0 -> checked(attempt);
                        case 1 -> stored(attempt);
                        case 2 -> lookedUp(attempt);
                        case 3 -> gossiped(attempt);
                        default -> synced(attempt);
                    };
                    count(accepted, attempt);
                    if (accepted) {
                        boolean isNews = (way + i) % 5 != 0 && (way + i) % 5 != 4;
                        requireLegal(attempt, isNews, describe(attempt) + ", way " + (way + i) % 5);
                    }
                }
            }

            private boolean checked(Attempt attempt) {
                try {
                    Signed<?> record = world.packages.validator().check(attempt.bytes());
                    world.packages.heldPackages().offer(record);
                    return true;
                } catch (RecordRefused e) {
                    return false;
                }
            }

            private boolean stored(Attempt attempt) {
                KadRecord record = new KadRecord(Bytes.of(attempt.key()), Bytes.of(attempt.bytes()));
                boolean accepted = world.packages.validators().check(record).accepted();
                if (accepted) {
                    assertThat(HonestWorld.read(attempt.bytes())).satisfies(r -> assertThat(fits(attempt.key(), r)).isTrue());
                    world.packages.indexer().accept(record.key(), record.value());
                }
                return accepted;
            }

            private boolean lookedUp(Attempt attempt) {
                try {
                    Signed<?> record = world.packages.validator().check(RecordKey.parse(attempt.key()), attempt.bytes());
                    assertThat(fits(attempt.key(), record)).isTrue();
                    world.packages.index().offer(record);
                    return true;
                } catch (RecordRefused e) {
                    return false;
                }
            }

            private boolean gossiped(Attempt attempt) {
                Verdict verdict = gossip.judge(from, attempt.author(), Messages.of(attempt.author(), HeadGossip.topic(config), attempt.bytes()));
                if (verdict == Verdict.ACCEPT) {
                    assertThat(HonestWorld.read(attempt.bytes()).publisher()).as("who told %s", describe(attempt)).isEqualTo(attempt.author());
                }
                return verdict == Verdict.ACCEPT;
            }

            private boolean synced(Attempt attempt) {
                String key = new String(attempt.key(), UTF_8);
                String item = key.startsWith("/ver/") ? key.replaceFirst("/ver/(.*)/(.*)", "$1@$2") : key.replaceFirst("/pkg/", "");
                boolean taken = synced.take(from, item, attempt.bytes()) != SyncRecords.Outcome.REFUSED;
                if (taken) {
                    String own = HeldPackages.itemKey(RecordKey.of(HonestWorld.read(attempt.bytes()).record()));
                    assertThat(item).as(describe(attempt)).isEqualTo(own);
                }
                return taken;
            }

            /** Written anew, and not with what is tested. */
            private boolean fits(byte[] key, Signed<?> record) {
                String own = RecordKey.of(record.record()).toString();
                String named = new String(key, UTF_8);
                return named.equals(own) || (own.startsWith("/pkg/") && named.startsWith("/ver/" + record.id() + "/")
                        && record.record() instanceof Tombstone);
            }

            private void requireLegal(Attempt attempt, boolean isNews, String what) {
                Signed<?> record = HonestWorld.read(attempt.bytes());
                PackageId id = record.id();
                assertThat(attempt.genuine()).as("%s: was not signed like that: %s", what, record).isTrue();
                requireOwner(record, what);
                assertThat(record).as(what).isNotEqualTo(world.contradiction.refuted());
                assertThat(record.record().network()).as(what).isEqualTo(Heads.NETWORK);
                assertThat(attempt.bytes().length).as(what).isLessThanOrEqualTo(8192);
                requireTimely(record, what);
                if (world.standing(id) != null) {
                    requireLatest(record, isNews, what);
                }
            }

            private void requireTimely(Signed<?> record, String what) {
                assertThat(record.record().publishedAt()).as(what).isBeforeOrEqualTo(HonestWorld.NOW.plus(SKEW));
                assertThat(record.record().expiresAt()).as(what).isAfterOrEqualTo(HonestWorld.NOW.minus(SKEW));
                assertThat(record.record().lifetime()).as(what).isLessThanOrEqualTo(Duration.ofDays(30));
            }

            private void requireOwner(Signed<?> record, String what) {
                assertThat(record.publisher()).as("%s: who signed %s", what, record)
                        .isEqualTo(firstOwners.computeIfAbsent(record.id().namespace(), any -> record.publisher()));
            }

            /** What is taken of an honest package changes nothing, and as news only what stands is taken. */
            private void requireLatest(Signed<?> record, boolean isNews, String what) {
                RecordKey key = RecordKey.of(record.record());
                key.version().ifPresent(version -> {
                    boolean withdraws = record.record() instanceof Tombstone;
                    assertThat(withdraws || world.packages.index().withdrawn(record.id(), version) < record.sequence())
                            .as("%s: the %s was withdrawn", what, record)
                            .isTrue();
                });
                if (isNews && key.version().isEmpty()) {
                    assertThat(world.standing(record.id()).map(Signed::sequence)).as("%s: %s is old", what, record).contains(record.sequence());
                }
            }

            private void count(boolean accepted, Attempt attempt) {
                if (accepted) {
                    taken.merge(attempt.what(), 1, Integer::sum);
                }
            }
        }
    }
}
