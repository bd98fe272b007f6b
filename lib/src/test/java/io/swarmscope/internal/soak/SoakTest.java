package io.swarmscope.internal.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The soak in short; {@code mvn -Psoak -Dminutes=10} is the long form. What grows fast is found by this one as well. */
class SoakTest {

    @Test
    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void twentyNodesWhoseConnectionsDropUseNoMoreAndMore() throws Exception {
        Process soak = ChildJvm.of(Soak.class, List.of("-Xmx1g"), String.valueOf(40 / 60.0))
                .redirectErrorStream(true)
                .start();
        String said = new String(soak.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(said);
        assertThat(soak.waitFor()).as(said).isZero();
    }
}
