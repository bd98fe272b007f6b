package io.swarmscope.internal.store;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of a damaged database. An immutable value, for any thread.
 *
 * @param aside where the damaged file is kept
 * @param own this node's own records that could still be read; whether each is whole is for its reader to check
 * @param namespaces to whom namespaces belong, as far as it could be read
 * @param mayHaveLost whether there may have been more own records than could be read
 */
public record Recovery(Path aside, List<Row.Own> own, List<Row.Namespace> namespaces, boolean mayHaveLost) {

    /** Copies the lists. */
    public Recovery {
        own = List.copyOf(own);
        namespaces = List.copyOf(namespaces);
    }

    /** How many rows the new database began with. */
    public int salvagedRows() {
        return own.size() + namespaces.size();
    }
}
