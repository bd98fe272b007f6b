package io.swarmscope.internal.kad;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import java.math.BigInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class KeyTest {

    @Test
    void thePointOfAPeerIsTheHashOfItsIdBytes() {
        PeerId peer = PeerId.parse("12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
        assertThat(Key.of(peer)).hasToString("dfd53212a4bd2beda3ea8e82d08285370c70a70cfe9c588e28754b23c8033121");
        assertThat(Key.of(peer)).isEqualTo(Key.of(peer.toBytes())).hasSameHashCodeAs(Key.of(peer.toBytes()));
    }

    @Test
    void distancesOrderAsBigNumbersDo() {
        RandomGenerator random = Fixtures.random("distancesOrderAsBigNumbersDo");
        for (int i = 0; i < 2000; i++) {
            Key target = randomKey(random, i);
            Key x = randomKey(random, i);
            Key y = randomKey(random, i);
            int expected = number(target).xor(number(x)).compareTo(number(target).xor(number(y)));
            assertThat(Integer.signum(target.compareDistance(x, y))).isEqualTo(expected);
            assertThat(target.compareDistance(x, x)).isZero();
        }
    }

    @Test
    void theCommonPrefixIsCountedInBits() {
        RandomGenerator random = Fixtures.random("theCommonPrefixIsCountedInBits");
        for (int i = 0; i < 2000; i++) {
            Key x = randomKey(random, i);
            Key y = randomKey(random, i);
            BigInteger distance = number(x).xor(number(y));
            assertThat(x.commonPrefixLength(y)).isEqualTo(Key.BITS - distance.bitLength());
        }
        Key any = randomKey(random, 0);
        assertThat(any.commonPrefixLength(any)).isEqualTo(Key.BITS);
    }

    @Test
    void aRefreshKeyLiesInItsBucket() {
        RandomGenerator random = Fixtures.random("aRefreshKeyLiesInItsBucket");
        for (int i = 0; i < 100; i++) {
            Key self = Key.of(Fixtures.peer(random));
            for (int bucket = 0; bucket < RefreshKeys.BITS; bucket++) {
                Key target = Key.of(RefreshKeys.in(self, bucket, random).array());
                assertThat(self.commonPrefixLength(target)).isEqualTo(bucket);
            }
        }
    }

    /** Points that agree in more leading longs the higher the number, so that every long decides once. */
    private static Key randomKey(RandomGenerator random, int number) {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        for (int i = 0; i < 8 * (number % 4); i++) {
            digest[i] = 7;
        }
        return Key.ofDigest(digest);
    }

    private static BigInteger number(Key key) {
        return new BigInteger(key.toString(), 16);
    }
}
