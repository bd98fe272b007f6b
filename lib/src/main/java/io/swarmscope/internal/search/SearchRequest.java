package io.swarmscope.internal.search;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one node asks another over the search protocol. Immutable; any thread.
 *
 * <pre>
 * message Request {
 *   string text = 1; repeated string category = 2; repeated string tag = 3; uint32 limit = 4;   // a search, or
 *   string id = 5; string version = 6;                                                           // a package, or a version of it
 *   repeated string license = 7; uint32 order = 8;   // of a search; 0 or unknown: what matches best first, 1: newest first
 * }
 * </pre>
 *
 * <p>There is no offset: who wants a later page asks for all hits up to its end and merges them with those of others before cutting. Facets are not
 * asked for either.
 */
sealed interface SearchRequest {

    /** The order in which the newest comes first. */
    int NEWEST = 1;

    /**
     * A search; the limit is at most {@link Limits#SEARCH_HITS}, and a receiver gives no more than that. The query's own limit, offset and facets do not
     * travel.
     */
    record Search(Query query, int limit) implements SearchRequest {
        /** Brings the limit into the range that travels. */
        public Search {
            limit = Math.clamp(limit, 1, Limits.SEARCH_HITS);
        }
    }

    /** The head of a package, or the record of a version of it. */
    record Lookup(PackageId id, Optional<String> version) implements SearchRequest {}

    /** The bytes of the message. */
    default byte[] encode() {
        ProtoWriter out = new ProtoWriter();
        switch (this) {
            case Search search -> {
                out.string(1, search.query.text());
                search.query.categories().forEach(category -> out.string(2, category));
                search.query.tags().forEach(tag -> out.string(3, tag));
                out.varint(4, search.limit);
                search.query.licenses().forEach(license -> out.string(7, license));
                if (search.query.order() == Query.Order.NEWEST) {
                    out.varint(8, NEWEST);
                }
            }
            case Lookup lookup -> {
                out.string(5, lookup.id.toString());
                lookup.version.ifPresent(version -> out.string(6, version));
            }
        }
        return out.toBytes();
    }

    /**
     * Reads the message.
     *
     * @throws MalformedException if it is none, or asks for what cannot be asked for
     */
    static SearchRequest decode(byte[] message) throws MalformedException {
        String text = "";
        List<String> categories = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        List<String> licenses = new ArrayList<>();
        Query.Order order = Query.Order.RELEVANCE;
        long limit = 0;
        String id = null;
        String version = null;
        ProtoReader in = ProtoReader.of(message);
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> text = in.string(Limits.SEARCH_REQUEST_BYTES);
                case 2 -> add(categories, in);
                case 3 -> add(tags, in);
                case 4 -> limit = in.varint();
                case 5 -> id = in.string(Limits.SEARCH_REQUEST_BYTES);
                case 6 -> version = in.string(Limits.SEARCH_REQUEST_BYTES);
                case 7 -> add(licenses, in);
                case 8 -> order = in.varint() == NEWEST ? Query.Order.NEWEST : Query.Order.RELEVANCE;
                default -> in.skip();
            }
        }
        try {
            return id == null
                    ? new Search(new Query(text, categories, tags, licenses, order, 0, Query.DEFAULT_LIMIT, 0), clamped(limit))
                    : new Lookup(PackageId.parse(id), checked(version));
        } catch (RegistryException.InvalidInput e) {
            throw new MalformedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void add(List<String> words, ProtoReader in) throws MalformedException {
        if (words.size() == Limits.SEARCH_WORDS) {
            throw new MalformedException("more than " + Limits.SEARCH_WORDS + " categories, tags or licenses");
        }
        words.add(in.string(Limits.SEARCH_REQUEST_BYTES));
    }

    private static int clamped(long limit) {
        return limit <= 0 ? Limits.SEARCH_HITS : (int) Math.min(limit, Limits.SEARCH_HITS);
    }

    private static Optional<String> checked(@Nullable String version) {
        if (version != null) {
            PackageManifest.checkVersion(version);
        }
        return Optional.ofNullable(version);
    }
}
