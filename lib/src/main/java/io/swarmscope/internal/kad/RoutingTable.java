package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.kad.Bucket.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The servers a node knows, in one bucket for each number of leading bits they share with it, at most k in each. Run by the thread that
 * owns the DHT.
 *
 * <p>A peer once in keeps its place while it answers: long-lived peers are the most likely to live on, and nobody can flush a table by
 * appearing often. A newcomer to a full bucket waits; the peer not heard of for longest is due for a {@link #nextCheck check} and gives
 * way if it fails it. Peers connected now need no check, their connection is watched.
 */
final class RoutingTable {

    /** A peer that failed is due for a check after this fraction of the usual time: soon, but not in the same hiccup of the network. */
    private static final int RETRY_DIVISOR = 10;


    private final Key self;
    private final int k;
    private final KadConfig.TableConfig config;
    private final long checkAfter;
    private final Bucket[] buckets = new Bucket[Key.BITS];

    /** Stands for every bucket nobody was put into yet: never full, always empty. */
    private final Bucket none = new Bucket(Integer.MAX_VALUE, 0);

    private int size;
    private int deepest = -1;

    /** No check is due before that. A lower bound: peers heard of since only make it later. */
    private long checkDue;

    RoutingTable(Key self, int k, KadConfig.TableConfig config, long now) {
        this.self = self;
        this.k = k;
        this.config = config;
        this.checkAfter = config.checkAfter().toNanos();
        this.checkDue = now + checkAfter;
        Arrays.fill(buckets, none);
    }

    /** How many peers are in the table. */
    int size() {
        return size;
    }

    /** How many of them share exactly that many leading bits with this node. */
    int size(int index) {
        return buckets[index].size();
    }

    @Nullable Entry find(PeerId peer) {
        Key key = Key.of(peer);
        return bucketOf(key).find(key);
    }

    /**
     * A peer gave a sign of life as a server: it answered, or identified itself on a connection.
     *
     * @return whether it is new in the table
     */
    boolean seen(PeerId peer, Key key, long now) {
        if (key.equals(self)) {
            return false;
        }
        Bucket bucket = bucketOf(key);
        Entry entry = bucket.find(key);
        if (entry != null) {
            entry.lastSeen = now;
            entry.failures = 0;
            entry.checking = false;
            entry.doubtful = false;
            return false;
        }
        if (bucket.full()) {
            bucket.await(peer, config.replacements());
            return false;
        }
        add(peer, key, now);
        return true;
    }

    /** A peer was in the table before a restart. It takes a free place if there is one, and is due for a check soon. */
    void restore(PeerId peer, long now) {
        Key key = Key.of(peer);
        Bucket bucket = bucketOf(key);
        if (!key.equals(self) && !bucket.full() && bucket.find(key) == null) {
            long due = now + checkAfter / RETRY_DIVISOR;
            add(peer, key, due - checkAfter).doubtful = true;
        }
    }

    /** The peer has a connection now, or has none any more. Ignored if it is not in the table. */
    void connected(PeerId peer, boolean connected, long now) {
        Entry entry = find(peer);
        if (entry == null) {
            return;
        }
        if (entry.connected && !connected) {
            entry.lastSeen = now;
            checkDue = Nanos.earlier(checkDue, now + checkAfter);
        }
        entry.connected = connected;
    }

    /**
     * A peer was asked in vain. After some times in a row it leaves the table; at once if it was under check and another waits.
     *
     * @return whether it left
     */
    boolean failed(Key key, long now) {
        Bucket bucket = bucketOf(key);
        Entry entry = bucket.find(key);
        if (entry == null) {
            return false;
        }
        entry.failures++;
        boolean replaceable = entry.checking && bucket.awaited();
        if (replaceable || entry.failures >= config.failuresToEvict()) {
            remove(bucket, entry, now);
            return true;
        }
        entry.checking = false;
        long retry = now + checkAfter / RETRY_DIVISOR;
        entry.lastSeen = Nanos.earlier(entry.lastSeen, retry - checkAfter);
        checkDue = Nanos.earlier(checkDue, retry);
        return false;
    }

    /** A peer is no server any more. */
    void remove(PeerId peer) {
        Key key = Key.of(peer);
        Bucket bucket = bucketOf(key);
        bucket.stopAwaiting(peer);
        Entry entry = bucket.find(key);
        if (entry != null) {
            remove(bucket, entry, entry.lastSeen); // when the one that follows was last heard of is not known
        }
    }

    /**
     * A peer to ask for a sign of life, null when none is due. It counts as under check until it was seen or failed. Peers in whose
     * bucket others wait come first, then those silent for longest.
     */
    @Nullable PeerId nextCheck(long now) {
        if (!Nanos.reached(checkDue, now)) {
            return null;
        }
        long nextDue = now + checkAfter;
        Entry awaited = null;
        Entry other = null;
        for (int b = 0; b <= deepest; b++) {
            Entry stalest = buckets[b].stalest();
            if (stalest == null) {
                continue;
            }
            long due = stalest.lastSeen + checkAfter;
            if (!Nanos.reached(due, now)) {
                nextDue = Nanos.earlier(nextDue, due);
            } else if (buckets[b].awaited()) {
                awaited = stalest.orStaler(awaited);
            } else {
                other = stalest.orStaler(other);
            }
        }
        Entry due = awaited == null ? other : awaited;
        if (due == null) {
            checkDue = nextDue;
            return null;
        }
        due.checking = true;
        return due.peer;
    }

    /** {@link #nextCheck} has nothing to say before that. */
    long checkDue() {
        return checkDue;
    }

    /** Up to {@code count} peers, nearest to the target first, without {@code except}. */
    Entry[] closest(Key target, int count, @Nullable Key except) {
        Nearest nearest = new Nearest(target, Math.min(except == null ? count : count + 1, size)); // one to spare for the peer to leave out
        int home = Math.min(self.commonPrefixLength(target), Key.BITS - 1);
        // Peers in the target's own bucket share more bits with it than any other; those of all deeper buckets share as many as this node
        // does; those of each shallower bucket fewer again. Within such a group only the distance decides.
        nearest.offer(buckets[home]);
        if (!nearest.full()) {
            for (int b = home + 1; b <= deepest; b++) {
                nearest.offer(buckets[b]);
            }
        }
        for (int b = Math.min(home - 1, deepest); b >= 0 && !nearest.full(); b--) {
            nearest.offer(buckets[b]);
        }
        return nearest.toArray(count, except);
    }

    /** All peers, in no particular order. */
    List<PeerId> peers() {
        List<PeerId> all = new ArrayList<>(size);
        for (int b = 0; b <= deepest; b++) {
            for (int i = 0; i < buckets[b].size(); i++) {
                all.add(buckets[b].get(i).peer);
            }
        }
        return all;
    }

    /** A lookup for that point was made: the bucket it lies in needs none for a while. */
    void lookedUp(Key target, long now) {
        bucketOf(target).lookedUp = now;
    }

    /**
     * Raw keys to look up, one for each bucket down to the deepest with peers in which nothing was looked up since {@code notSince}.
     * Buckets too deep for {@link RefreshKeys} are left out: looking up the own id finds the peers in them.
     */
    List<Bytes> refreshTargets(long notSince, RandomGenerator random) {
        List<Bytes> targets = new ArrayList<>();
        for (int b = 0; b <= deepest && b < RefreshKeys.BITS; b++) {
            if (buckets[b] == none || Nanos.reached(buckets[b].lookedUp, notSince)) {
                targets.add(RefreshKeys.in(self, b, random));
            }
        }
        return targets;
    }

    private Bucket bucketOf(Key key) {
        return key.equals(self) ? none : buckets[self.commonPrefixLength(key)];
    }

    private Entry add(PeerId peer, Key key, long now) {
        int index = self.commonPrefixLength(key);
        Bucket bucket = buckets[index];
        if (bucket == none) {
            bucket = new Bucket(k, now - config.refreshEvery().toNanos()); // never looked up, so due
            buckets[index] = bucket;
        }
        Entry entry = new Entry(peer, key, now);
        bucket.add(entry);
        size++;
        deepest = Math.max(deepest, index);
        checkDue = Nanos.earlier(checkDue, now + checkAfter);
        return entry;
    }

    private void remove(Bucket bucket, Entry entry, long now) {
        bucket.remove(entry);
        size--;
        PeerId next = bucket.nextAwaited();
        if (next != null) {
            add(next, Key.of(next), now);
        }
        while (deepest >= 0 && size(deepest) == 0) {
            deepest--;
        }
    }
}
