package io.swarmscope.internal.search;

import io.swarmscope.SearchReport;
import io.swarmscope.internal.record.Signed;

/** How looking for one record ended. Immutable. */
public sealed interface Finding {

    /** Who was asked and what each did. */
    SearchReport report();

    /**
     * It is there, verified. It may say that the package was withdrawn.
     *
     * @param record the record, the newest of those that came
     * @param confirmations how many peers gave a valid record
     */
    record Found(Signed<?> record, int confirmations, SearchReport report) implements Finding {}

    /**
     * The peers nearest to its key answered, and none has it.
     *
     * @param answered how many they are
     */
    record Absent(int answered, SearchReport report) implements Finding {}

    /**
     * Too few could be asked to tell.
     *
     * @param why who was asked and what came of it
     */
    record Unknown(String why, SearchReport report) implements Finding {}
}
