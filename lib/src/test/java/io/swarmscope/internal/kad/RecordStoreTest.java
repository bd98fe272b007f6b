package io.swarmscope.internal.kad;

import static io.swarmscope.internal.kad.Fixtures.SECOND;
import static io.swarmscope.internal.kad.Fixtures.VALIDATORS;
import static io.swarmscope.internal.kad.Fixtures.numberKey;
import static io.swarmscope.internal.kad.Fixtures.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.internal.kad.RecordStore.Outcome;
import io.swarmscope.internal.kad.RecordStore.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordStoreTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Key SELF = Key.of(new byte[] {1});

    /** Ten records, 1000 bytes together, 100 each, one hour. */
    private static final KadConfig.StoreConfig CONFIG =
            new KadConfig.StoreConfig(10, 1000, 100, Duration.ofHours(1), 10, 2, Duration.ofHours(1), 20);

    private final RecordStore store = new RecordStore(SELF, CONFIG, VALIDATORS);

    @Test
    void whatIsKeptComesBackWithTheTimeOfItsReceipt() {
        assertThat(put(record("a", "7"), 0)).isEqualTo(new Outcome.Kept());
        KadRecord kept = store.get(numberKey("a"), 0);
        assertThat(kept.value()).isEqualTo(Bytes.ofText("7"));
        assertThat(kept.received()).isEqualTo(NOON);
        assertThat(kept.checked()).isTrue();
        assertThat(store.get(numberKey("b"), 0)).isNull();
    }

    @Test
    void whatTheValidatorRefusesIsNotKept() {
        assertThat(put(record("a", "x"), 0)).isEqualTo(new Outcome.Refused(Why.INVALID, "not a number"));
        assertThat(put(new KadRecord(Bytes.ofText("/other/a"), Bytes.ofText("7")), 0)).isInstanceOf(Outcome.Refused.class);
        assertThat(put(new KadRecord(Bytes.ofText("bare"), Bytes.ofText("7")), 0)).isInstanceOf(Outcome.Refused.class);
        assertThat(store.size()).isZero();
    }

    @Test
    void aRecordCheckedBeforeIsNotCheckedAgain() {
        assertThat(put(record("a", "x").asChecked(), 0)).isEqualTo(new Outcome.Kept());
    }

    @Test
    void theBetterValueWins() {
        put(record("a", "7"), 0);
        assertThat(put(record("a", "6"), 0)).isEqualTo(new Outcome.Refused(Why.OUTDATED, "a better value is held"));
        assertThat(put(record("a", "8"), 0)).isEqualTo(new Outcome.Kept());
        assertThat(store.get(numberKey("a"), 0).value()).isEqualTo(Bytes.ofText("8"));
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void theSameValueAgainLivesLonger() {
        put(record("a", "7"), 0);
        assertThat(put(record("a", "7"), 3000 * SECOND)).isEqualTo(new Outcome.Renewed());
        assertThat(store.get(numberKey("a"), 6000 * SECOND)).isNotNull();
    }

    @Test
    void aRecordIsGoneWhenItsTimeIsUp() {
        put(record("a", "7"), 0);
        assertThat(store.get(numberKey("a"), 3599 * SECOND)).isNotNull();
        assertThat(store.get(numberKey("a"), 3600 * SECOND)).isNull();
        assertThat(store.size()).isZero();
        assertThat(store.bytes()).isZero();
    }

    @Test
    void aSenderMayShortenTheTimeButNotLengthenIt() {
        put(new KadRecord(numberKey("a"), Bytes.ofText("7"), null, null, 60, false), 0);
        put(new KadRecord(numberKey("b"), Bytes.ofText("7"), null, null, 1_000_000, false), 0);
        assertThat(store.get(numberKey("a"), 61 * SECOND)).isNull();
        assertThat(store.get(numberKey("b"), 3600 * SECOND)).isNull();
    }

    @Test
    void anExpiredRecordDoesNotStandInTheWayOfAWorseOne() {
        put(record("a", "7"), 0);
        assertThat(put(record("a", "6"), 3600 * SECOND)).isEqualTo(new Outcome.Kept());
        assertThat(store.bytes()).isEqualTo(numberKey("a").length() + 1);
    }

    @Test
    void whatBecameInvalidIsDroppedWhenItIsRead() {
        put(record("a", "7expired"), 0);
        assertThat(store.get(numberKey("a"), 1)).isNull();
        assertThat(store.size()).isZero();
    }

    @Test
    void aValueAboveTheLimitIsRefused() {
        assertThat(put(record("a", "7" + " ".repeat(99)), 0)).isEqualTo(new Outcome.Kept());
        assertThat(put(record("b", "7" + " ".repeat(100)), 0)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aFullStoreKeepsWhatIsNearestToThisNode() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            names.add("r" + i);
            put(record("r" + i, "7"), 0);
            assertThat(store.size()).isLessThanOrEqualTo(10);
        }
        names.sort((x, y) -> SELF.compareDistance(Key.of(numberKey(x).array()), Key.of(numberKey(y).array())));
        for (int i = 0; i < names.size(); i++) {
            assertThat(store.get(numberKey(names.get(i)), 0) != null).as("%d nearest", i).isEqualTo(i < 10);
        }
    }

    @Test
    void theBytesAreBoundedToo() {
        for (int i = 0; i < 200; i++) {
            put(record("r" + i, "7" + " ".repeat(99)), 0);
            assertThat(store.bytes()).isLessThanOrEqualTo(1000);
        }
        assertThat(store.size()).isEqualTo(9);
    }

    @Test
    void ownRecordsArePushedOutByNobody() {
        for (int i = 0; i < 5; i++) {
            store.put(record("own" + i, "7"), true, null, 0);
        }
        for (int i = 0; i < 200; i++) {
            put(record("r" + i, "7"), 0);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(store.get(numberKey("own" + i), 0)).isNotNull();
        }
        assertThat(store.size()).isEqualTo(10);
    }

    @Test
    void aSweepForgetsWhatNobodyReads() {
        for (int i = 0; i < 10; i++) {
            put(record("r" + i, "7"), i % 2 * 100 * SECOND);
        }
        store.sweep(4, 3600 * SECOND);
        store.sweep(100, 3600 * SECOND);
        assertThat(store.size()).isEqualTo(5);
        store.sweep(3, 3700 * SECOND);
        assertThat(store.size()).isEqualTo(2);
        store.sweep(3, 3700 * SECOND);
        assertThat(store.size()).isZero();
        assertThat(store.bytes()).isZero();
    }

    private Outcome put(KadRecord record, long now) {
        return store.put(record, false, NOON, now);
    }
}
