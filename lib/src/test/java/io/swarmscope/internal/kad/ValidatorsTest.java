package io.swarmscope.internal.kad;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidatorsTest {

    private static final PeerId PEER = PeerId.parse("12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
    private static final Bytes PUBLIC_KEY = Bytes.of(HexFormat.of()
            .parseHex("080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"));

    @Test
    void aPublicKeyStandsUnderItsPeerAndUnderNoOther() {
        assertThat(Validators.DEFAULT.check(new KadRecord(publicKeyOf(PEER), PUBLIC_KEY)).accepted()).isTrue();
        PeerId other = Fixtures.peer(Fixtures.random("aPublicKeyStandsUnderItsPeerAndUnderNoOther"));
        assertThat(Validators.DEFAULT.check(new KadRecord(publicKeyOf(other), PUBLIC_KEY)).accepted()).isFalse();
        assertThat(Validators.DEFAULT.check(new KadRecord(publicKeyOf(PEER), Bytes.EMPTY)).accepted()).isFalse();
        assertThat(Validators.DEFAULT.check(new KadRecord(publicKeyOf(PEER), Bytes.of(new byte[5000]))).accepted()).isFalse();
    }

    @Test
    void keysWithoutAKnownNamespaceAreRefused() {
        for (String key : List.of("", "/", "//", "//x", "/pk", "bare", "n/x", "/other/x", "/N/x")) {
            Verdict verdict = Fixtures.VALIDATORS.check(new KadRecord(Bytes.ofText(key), Bytes.ofText("7")));
            assertThat(verdict.accepted()).as(key).isFalse();
            assertThat(Fixtures.VALIDATORS.knows(Bytes.ofText(key))).as(key).isFalse();
        }
        assertThat(Fixtures.VALIDATORS.check(Fixtures.record("x", "7")).accepted()).isTrue();
    }

    @Test
    void aValidatorThatThrowsHasRefused() {
        Validators validators = Validators.DEFAULT.with("bad", new Validator() {
            @Override
            public Verdict validate(byte[] key, byte[] value) {
                throw new IllegalStateException("what is this");
            }

            @Override
            public int select(byte[] key, List<byte[]> values) {
                throw new IllegalStateException("what is this");
            }
        });
        KadRecord record = new KadRecord(Bytes.ofText("/bad/x"), Bytes.ofText("7"));
        assertThat(validators.check(record)).asString().contains("what is this");
        assertThat(validators.checkAgain(record).accepted()).isFalse();
        assertThat(validators.prefersSecond(record, record)).isFalse();
    }

    @Test
    void onlyAnAcceptedRecordIsMarkedAsChecked() {
        assertThat(Fixtures.VALIDATORS.checked(Fixtures.record("x", "7")).checked()).isTrue();
        assertThat(Fixtures.VALIDATORS.checked(Fixtures.record("x", "no")).checked()).isFalse();
    }

    @Test
    void aLaterValidatorReplacesAnEarlierOneOfItsNamespace() {
        Validators validators = Fixtures.VALIDATORS.with("pk", Fixtures.NUMBERS);
        assertThat(validators.check(new KadRecord(publicKeyOf(PEER), Bytes.ofText("7"))).accepted()).isTrue();
    }

    private static Bytes publicKeyOf(PeerId peer) {
        byte[] id = peer.toBytes();
        byte[] key = new byte[4 + id.length];
        System.arraycopy("/pk/".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, key, 0, 4);
        System.arraycopy(id, 0, key, 4, id.length);
        return Bytes.of(key);
    }
}
