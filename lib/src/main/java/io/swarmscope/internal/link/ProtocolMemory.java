package io.swarmscope.internal.link;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What peers answered when we last met them, so that the first stream of a new connection need not wait for consent. Safe for any
 * thread. Remembers only protocols that this host asks for, and forgets the peers it has not heard of for longest.
 */
final class ProtocolMemory {
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();

    @SuppressWarnings("serial") // never serialized
    private final Map<PeerId, Set<String>> answered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, Set<String>> eldest) {
            return size() > Limits.PROTOCOLS_REMEMBERED_PEERS;
        }
    };

    void remember(PeerId peer, Set<String> protocols) {
        Set<String> useful = protocols.stream().filter(asked::contains).collect(Collectors.toUnmodifiableSet());
        lock.lock();
        try {
            answered.put(peer, useful);
        } finally {
            lock.unlock();
        }
    }

    void forget(PeerId peer) {
        lock.lock();
        try {
            answered.remove(peer);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the peer answered the protocol when we last met; from now on it is one worth remembering. */
    boolean answered(PeerId peer, String protocol) {
        if (asked.size() < Limits.IDENTIFY_PROTOCOLS) {
            asked.add(protocol);
        }
        lock.lock();
        try {
            return answered.getOrDefault(peer, Set.of()).contains(protocol);
        } finally {
            lock.unlock();
        }
    }
}
