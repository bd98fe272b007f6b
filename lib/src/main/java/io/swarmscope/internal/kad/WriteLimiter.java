package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many writes each peer has left: a token bucket for each of the peers that wrote last. Run by the thread that owns the DHT. Not a
 * library's, because time is an argument here.
 */
final class WriteLimiter {

    private static final float LOAD = 0.75f;
    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private final double burst;
    private final Map<PeerId, Allowance> byPeer;

    private static final class Allowance {
        double tokens;
        long at;
    }

    /** Forgets the peer that wrote longest ago when there are more than {@code peersMax}. A burst is two seconds' worth. */
    WriteLimiter(int perSecond, int peersMax) {
        this.perSecond = perSecond;
        this.burst = 2.0 * perSecond;
        this.byPeer = new LinkedHashMap<>(16, LOAD, true) {
            @java.io.Serial
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<PeerId, Allowance> eldest) {
                return size() > peersMax;
            }
        };
    }

    /** Whether that peer may write once now; counts it if so. */
    boolean allows(PeerId peer, long now) {
        Allowance allowance = byPeer.get(peer);
        if (allowance == null) {
            allowance = new Allowance();
            allowance.tokens = burst;
            allowance.at = now;
            byPeer.put(peer, allowance);
        }
        allowance.tokens = Math.min(burst, allowance.tokens + (now - allowance.at) / NANOS_PER_SECOND * perSecond);
        allowance.at = now;
        if (allowance.tokens < 1) {
            return false;
        }
        allowance.tokens--;
        return true;
    }
}
