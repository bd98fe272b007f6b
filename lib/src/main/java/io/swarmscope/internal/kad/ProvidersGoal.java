package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who serves the content with a key. Run by the thread that owns the DHT. */
final class ProvidersGoal implements Goal {

    private final Bytes key;
    private final int limit;
    private final Map<PeerId, PeerInfo> found = new LinkedHashMap<>();

    /**
     * Reached when {@code limit} providers are known; with 0, when the k nearest have answered.
     *
     * @param local what the own store knows
     */
    ProvidersGoal(Bytes key, int limit, List<PeerInfo> local) {
        this.key = key;
        this.limit = limit;
        local.forEach(this::add);
    }

    @Override
    public Request request() {
        return new Request.GetProviders(key);
    }

    @Override
    public @Nullable Fault take(PeerId from, Answer answer) {
        if (answer instanceof Answer.Providers providers) {
            providers.providers().forEach(this::add);
        }
        return null;
    }

    @Override
    public int missing() {
        return limit == 0 ? ALL : Math.max(0, limit - found.size());
    }

    @Override
    public OperationResult result(List<PeerInfo> closest, LookupReport report) {
        return new OperationResult.FoundProviders(List.copyOf(found.values()), report);
    }

    private void add(PeerInfo provider) {
        PeerInfo known = found.get(provider.id());
        boolean useful = known == null ? found.size() < Limits.KAD_PROVIDERS_FOUND : known.addresses().isEmpty();
        if (useful) {
            found.put(provider.id(), provider);
        }
    }
}
