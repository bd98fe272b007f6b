package io.swarmscope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "org.slf4j/slf4j-api", "A_1.b-c/0", "com.google.guava/guava"})
    void isReadAndWrittenAlike(String text) {
        assertThat(PackageId.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "a", "a/", "/b", "a/b/c", "a//b", " a/b", "a/b ", "a b/c", ".a/b", "a./b", "a/-b", "a/b_", "../b", "ä/b",
                "a/b\n", "a\u0000/b", "a/b@1", "a:b"
            })
    void whatIsNoneIsRefusedWithWhatWouldBeOne(String text) {
        assertThatThrownBy(() -> PackageId.parse(text)).isInstanceOf(RegistryException.InvalidInput.class);
    }

    @Test
    void partsMayHave128Characters() {
        String longest = "x".repeat(PackageId.MAX_PART_LENGTH);

        assertThat(new PackageId(longest, longest).name()).hasSize(128);
        assertThatThrownBy(() -> new PackageId("a", longest + "x"))
                .isInstanceOfSatisfying(RegistryException.InvalidInput.class, e -> assertThat(e.field()).isEqualTo("name"));
    }

    @Test
    void isOrderedByNamespaceThenName() {
        assertThat(new PackageId("a", "z")).isLessThan(new PackageId("b", "a"));
        assertThat(new PackageId("a", "b")).isLessThan(new PackageId("a", "c"));
        assertThat(new PackageId("a", "b")).isEqualByComparingTo(PackageId.parse("a/b"));
    }
}
