package io.swarmscope.internal.sync;

import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node answers about one range that it was asked to compare. Immutable; any thread.
 *
 * <pre>
 * message Part {
 *   uint32 kind = 1;                 // 0 the same, 1 split, 2 listed
 *   // split: a fingerprint and a count for each sub-range, and the key before which it ends for all but the last
 *   // listed: a key and a sequence for each item; both in order
 *   repeated string key = 2; repeated bytes fingerprint = 3; repeated uint64 number = 4;
 * }
 * </pre>
 */
sealed interface Part {

    /** Both hold the same there. */
    record Same() implements Part {}

    /** It differs; what is in its sub-ranges, which follow each other. There is one cut less. */
    record Split(List<String> cuts, List<Summary> parts) implements Part {}

    /** It differs; all that is in it. */
    record Listed(List<Item> items) implements Part {}

    /** The message, to be completed. */
    default ProtoWriter write() {
        ProtoWriter out = new ProtoWriter();
        switch (this) {
            case Same same -> out.varint(1, 0);
            case Split split -> {
                out.varint(1, 1);
                split.cuts.forEach(cut -> out.string(2, cut));
                split.parts.forEach(part -> out.bytes(3, part.fingerprint().toBytes()).varint(4, part.count()));
            }
            case Listed listed -> {
                out.varint(1, 2);
                listed.items.forEach(item -> out.string(2, item.key()).varint(4, item.sequence()));
            }
        }
        return out;
    }

    /** About how many bytes it takes in a message, never less. */
    default int weight() {
        return 16 + switch (this) {
            case Same same -> 0;
            case Split split -> split.parts.size() * 32 + split.cuts.stream().mapToInt(Part::weight).sum();
            case Listed listed -> listed.items.stream().mapToInt(item -> weight(item.key()) + 12).sum();
        };
    }

    private static int weight(String key) {
        return Keys.bytes(key) + 4;
    }

    /** Reads the message. */
    static Part read(ProtoReader in) throws MalformedException {
        int kind = 0;
        List<String> keys = new ArrayList<>();
        List<Fingerprint> fingerprints = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> kind = in.varint(2);
                case 2 -> Fields.add(keys, Fields.key(in), Limits.SYNC_LIST);
                case 3 -> Fields.add(fingerprints, Fields.fingerprint(in), Limits.SYNC_PARTS);
                case 4 -> Fields.add(numbers, Fields.number(in), Limits.SYNC_LIST);
                default -> in.skip();
            }
        }
        return switch (kind) {
            case 0 -> new Same();
            case 1 -> split(keys, fingerprints, numbers);
            default -> listed(keys, numbers);
        };
    }

    private static Part split(List<String> cuts, List<Fingerprint> fingerprints, List<Long> counts) throws MalformedException {
        int parts = fingerprints.size();
        if (parts < 2 || cuts.size() != parts - 1 || counts.size() != parts) {
            throw new MalformedException("split of " + parts + " parts with " + cuts.size() + " cuts and " + counts.size() + " counts");
        }
        List<Summary> summaries = new ArrayList<>(parts);
        for (int i = 0; i < parts; i++) {
            summaries.add(new Summary(counts.get(i), fingerprints.get(i)));
        }
        return new Split(cuts, summaries);
    }

    private static Part listed(List<String> keys, List<Long> sequences) throws MalformedException {
        if (keys.size() != sequences.size()) {
            throw new MalformedException("list of " + keys.size() + " keys and " + sequences.size() + " sequences");
        }
        List<Item> items = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            if (sequences.get(i) == 0) {
                throw new MalformedException("item with the sequence 0");
            }
            items.add(new Item(keys.get(i), sequences.get(i)));
        }
        return new Listed(items);
    }
}
