package io.swarmscope.internal.search;

import io.swarmscope.internal.record.Signed;

/** How looking for one record ended. Immutable. */
public sealed interface Finding {

    /**
     * It is there, verified. It may say that the package was withdrawn.
     *
     * @param record the record
     */
    record Found(Signed<?> record) implements Finding {}

    /**
     * The peers nearest to its key answered, and none has it.
     *
     * @param answered how many they are
     */
    record Absent(int answered) implements Finding {}

    /**
     * Too few could be asked to tell.
     *
     * @param why who was asked and what came of it
     */
    record Unknown(String why) implements Finding {}
}
