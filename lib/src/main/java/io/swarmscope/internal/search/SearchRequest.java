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
 * }
 * </pre>
 */
sealed interface SearchRequest {

    /** A search; the limit is at most {@link Limits#SEARCH_HITS}, and a receiver gives no more than that. */
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
                default -> in.skip();
            }
        }
        try {
            return id == null
                    ? new Search(new Query(text, categories, tags, Query.DEFAULT_LIMIT), clamped(limit))
                    : new Lookup(PackageId.parse(id), checked(version));
        } catch (RegistryException.InvalidInput e) {
            throw new MalformedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void add(List<String> words, ProtoReader in) throws MalformedException {
        if (words.size() == Limits.SEARCH_WORDS) {
            throw new MalformedException("more than " + Limits.SEARCH_WORDS + " categories or tags");
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
