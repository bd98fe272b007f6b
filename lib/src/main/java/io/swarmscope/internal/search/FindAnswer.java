package io.swarmscope.internal.search;

import io.swarmscope.internal.kad.LookupReport;
import io.swarmscope.internal.record.Signed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one task of looking for a record came to. Immutable. */
sealed interface FindAnswer {

    /**
     * What the DHT knows.
     *
     * @param best the newest valid record, its own store's among them
     * @param values how many peers gave one
     * @param absent whether those who would know it answered and do not have it
     * @param lookup how it went; null if it did not even begin
     * @param why in words, if there is no record
     */
    record FromDht(Optional<Signed<?>> best, int values, boolean absent, @Nullable LookupReport lookup, String why)
            implements FindAnswer {}

    /** What one connected peer knows. */
    record FromPeer(Optional<Signed<?>> record) implements FindAnswer, PeerAnswer {
        @Override
        public int count() {
            return record.isPresent() ? 1 : 0;
        }

        @Override
        public boolean all() {
            return true;
        }
    }

    /** Which connected peers can be asked. */
    record Reachable(PeerChoice.Line line) implements FindAnswer {}
}
