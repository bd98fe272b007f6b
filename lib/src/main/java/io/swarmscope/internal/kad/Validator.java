package io.swarmscope.internal.kad;

import java.util.List;

/**
 * The rules of one key namespace. Stateless or thread-safe: {@link #validate} runs on the threads of links, the rest on the thread
 * that owns the DHT. None may block or throw; a value from a stranger that makes it throw counts as refused.
 */
public interface Validator {

    /**
     * Whether the value may stand under the key. May verify signatures.
     *
     * @param key the whole raw key, namespace included
     * @param value what a peer wants kept or answered with
     */
    Verdict validate(byte[] key, byte[] value);

    /**
     * Whether a value that was accepted before still may stand, asked each time a record of the own store is read. Only what time
     * changes needs to be looked at, expiry first of all. Runs on the thread that owns the DHT, so it must be cheap.
     *
     * @return by default the full {@link #validate}
     */
    default Verdict validateAgain(byte[] key, byte[] value) {
        return validate(key, value);
    }

    /**
     * Which of several accepted values is the best. The order of the values must not matter but among equals.
     *
     * @param values at least one
     * @return an index into {@code values}
     */
    int select(byte[] key, List<byte[]> values);
}
