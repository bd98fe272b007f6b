package io.swarmscope.internal.node;

import io.swarmscope.internal.kad.Validator;
import io.swarmscope.internal.kad.Verdict;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import java.util.List;

/** The rules for records as the DHT asks for them. Thread-safe; verifies signatures only in {@link #validate}. */
final class KadRules implements Validator {

    private final RecordValidator validator;

    KadRules(RecordValidator validator) {
        this.validator = validator;
    }

    @Override
    public Verdict validate(byte[] key, byte[] value) {
        try {
            validator.checkNews(key, value);
            return Verdict.ACCEPTED;
        } catch (RecordRefused e) {
            return refused(e);
        }
    }

    @Override
    public Verdict validateAgain(byte[] key, byte[] value) {
        try {
            validator.checkAgain(value);
            return Verdict.ACCEPTED;
        } catch (RecordRefused e) {
            return refused(e);
        }
    }

    @Override
    public int select(byte[] key, List<byte[]> values) {
        return validator.best(key, values);
    }

    private static Verdict refused(RecordRefused refusal) {
        String what = String.valueOf(refusal.getMessage());
        return refusal.reason().mayBeHonest() ? Verdict.outdated(what) : Verdict.refused(what);
    }
}
