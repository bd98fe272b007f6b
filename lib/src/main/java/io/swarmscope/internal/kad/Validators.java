package io.swarmscope.internal.kad;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The validators of all key namespaces. A key is {@code /namespace/rest}; one without a namespace, or with a namespace nobody
 * registered, is refused, as go-libp2p and js-libp2p do. Immutable; any thread.
 */
public final class Validators {

    /** The namespace every libp2p node knows: public keys by peer id. */
    public static final Validators DEFAULT = new Validators(Map.of("pk", new PublicKeyValidator()));

    private final Map<String, Validator> byNamespace;

    private Validators(Map<String, Validator> byNamespace) {
        this.byNamespace = Map.copyOf(byNamespace);
    }

    /** These and one more, which replaces what had its namespace before. */
    public Validators with(String namespace, Validator validator) {
        Map<String, Validator> more = new TreeMap<>(byNamespace);
        more.put(namespace, validator);
        return new Validators(more);
    }

    /**
     * Checks a record from a peer in full, signatures included. Threads of links call it before they hand the record on: the thread
     * that owns the DHT skips the check of a record marked by {@link #checked}.
     */
    public Verdict check(KadRecord record) {
        byte[] key = record.key().array();
        byte[] value = record.value().array();
        Validator validator = of(key);
        return validator == null ? noValidator(key) : guarded(() -> validator.validate(key, value));
    }

    /**
     * The record marked as checked if {@link #check} accepts it, or else as it was, so that the owner of the DHT finds the same fault
     * and notes who sent it.
     */
    public KadRecord checked(KadRecord record) {
        return record.checked() || !check(record).accepted() ? record : record.asChecked();
    }

    /** Whether there is a validator for the namespace of that key. */
    boolean knows(Bytes key) {
        return of(key.array()) != null;
    }

    /** Whether a record that was accepted before still may stand; cheap. */
    Verdict checkAgain(KadRecord record) {
        byte[] key = record.key().array();
        byte[] value = record.value().array();
        Validator validator = of(key);
        return validator == null ? noValidator(key) : guarded(() -> validator.validateAgain(key, value));
    }

    /** Whether the second of two accepted records under one key is the better one; not if the validator fails to say. */
    boolean prefersSecond(KadRecord first, KadRecord second) {
        byte[] key = first.key().array();
        Validator validator = of(key);
        try {
            return validator != null
                    && validator.select(key, List.of(first.value().array(), second.value().array())) == 1;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private @Nullable Validator of(byte[] key) {
        String namespace = namespace(key);
        return namespace == null ? null : byNamespace.get(namespace);
    }

    /** The part between the first two slashes, null where there are no two or nothing between them. */
    static @Nullable String namespace(byte[] key) {
        if (key.length == 0 || key[0] != '/') {
            return null;
        }
        for (int i = 1; i < key.length; i++) {
            if (key[i] == '/') {
                return i == 1 ? null : new String(key, 1, i - 1, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    private static Verdict noValidator(byte[] key) {
        String namespace = namespace(key);
        return Verdict.refused(
                namespace == null
                        ? "the key has no namespace: /namespace/rest is expected"
                        : "no validator for the namespace of the key");
    }

    private interface Check {
        Verdict run();
    }

    /** A validator that throws at a stranger's bytes must not end the thread that owns the DHT. */
    private static Verdict guarded(Check check) {
        try {
            return check.run();
        } catch (RuntimeException e) {
            return Verdict.refused("the validator failed: " + e);
        }
    }
}
