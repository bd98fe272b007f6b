package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReceiverTest {

    @Test
    void aStreamThatWasGivenUpInTheMiddleOfALargeFrameKeepsNothing() throws Exception {
        for (Consumer<YamuxStream> giveUp : List.<Consumer<YamuxStream>>of(YamuxStream::close, YamuxStream::reset)) {
            try (RawPeer peer = RawPeer.ofServer()) {
                YamuxStream stream = peer.open(1);
                Receiver receiver = stream.receiver();
                receiver.expect(10_000);
                assertThat(receiver.discards()).isFalse();
                giveUp.accept(stream);
                // The session's reader has asked before, and goes on.
                assertThat(receiver.reserve(10_000)).isNull();
                assertThat(peer.session.heldBytes()).isZero();
            }
        }
    }
}
