package io.swarmscope.internal.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.World;
import java.time.Duration;

/** How many packages there are, by what peers claimed lately. Thread-safe; bounded. */
final class Census {

    /** Of so many peers that answered last. More would be more to look through with each search. */
    private static final int PEERS = 64;

    /** As many claims as it takes for one of them to be left out. */
    private static final int WITNESSES = 3;

    private final Cache<PeerId, Long> claims = Caffeine.newBuilder()
            .maximumSize(PEERS)
            .expireAfterWrite(Duration.ofHours(1))
            .ticker(World::nanoTime)
            .executor(Runnable::run)
            .build();

    void claims(PeerId peer, long packages) {
        Long known = claims.getIfPresent(peer);
        if (known == null || known != packages) { // writing costs, and most peers say what they said before
            claims.put(peer, packages);
        }
    }

    /**
     * The most that is held here or was claimed lately. Of three claims or more the largest is left out: one liar does not make up a network.
     *
     * @param own how many are held here
     */
    long packages(long own) {
        long largest = 0;
        long second = 0;
        int count = 0;
        for (long claim : claims.asMap().values()) {
            count++;
            if (claim > largest) {
                second = largest;
                largest = claim;
            } else if (claim > second) {
                second = claim;
            }
        }
        return Math.max(own, count >= WITNESSES ? second : largest);
    }
}
