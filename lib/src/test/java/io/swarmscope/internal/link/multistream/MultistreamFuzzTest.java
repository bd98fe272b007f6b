package io.swarmscope.internal.link.multistream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Fuzzed;
import io.swarmscope.internal.wire.Limits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer sends to agree on a protocol, on a connection or a stream. */
class MultistreamFuzzTest {
    private static final String HEADER = "/multistream/1.0.0\n";
    private static final List<String> OURS = List.of("/yamux/1.0.0", "/noise");

    private static byte[] messages(String... texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : texts) {
            all.writeBytes(Frames.prefixed(text.getBytes(StandardCharsets.UTF_8)));
        }
        return all.toByteArray();
    }

    static Stream<byte[]> proposals() {
        return Stream.of(
                messages(HEADER, "/noise\n", "behind it"),
                messages(HEADER, "/tls/1.0.0\n", "/noise\n"),
                messages(HEADER, HEADER, "ls\n", "\n", "/noise"),
                messages(HEADER, "/tls/1.0.0\n", ""),
                messages(Collections.nCopies(40, HEADER).toArray(String[]::new)),
                messages("/multistream/2.0.0\n"));
    }

    @MethodSource("proposals")
    @FuzzTest
    void multistreamProposals(byte[] bytes) {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        Fuzzed.decoded(bytes, all -> String.valueOf(Multistream.respond(new ByteArrayInputStream(all), answers, OURS::contains)))
                .ifPresent(agreed -> assertThat(agreed).isIn("null", OURS.get(0), OURS.get(1)));
        // Twice where the measurement was repeated.
        assertThat(answers.size()).isLessThanOrEqualTo(2 * (64 + 4 * Limits.MULTISTREAM_PROPOSALS));
    }

    static Stream<byte[]> answers() {
        return Stream.of(
                messages(HEADER, "/yamux/1.0.0\n", "behind it"),
                messages(HEADER, "na\n", HEADER, "/noise\n"),
                messages(HEADER, "na\n", "na\n"),
                messages(HEADER, "/other\n"),
                messages("na\n"));
    }

    @MethodSource("answers")
    @FuzzTest
    void multistreamAnswers(byte[] bytes) {
        Fuzzed.decoded(bytes, all -> Multistream.select(new ByteArrayInputStream(all), new ByteArrayOutputStream(), OURS))
                .ifPresent(agreed -> assertThat(agreed).isIn(OURS));
        Fuzzed.decoded(bytes, all -> {
            ByteArrayInputStream in = new ByteArrayInputStream(all);
            Multistream.readLazyEcho(in, "/noise");
            return in.available();
        });
    }
}
