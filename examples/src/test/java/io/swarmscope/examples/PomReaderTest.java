package io.swarmscope.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.ContentId;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PomReaderTest {
    private static final Path POMS = poms();

    @TempDir
    private Path temporary;

    @Test
    void aManifestHasWhatThePomSaysAndWhatItInherits() {
        PomReader.Result.Read read = read("org/acme/logger/1.2.0/logger-1.2.0.pom");

        PackageManifest manifest = read.manifest();
        assertThat(manifest.id()).isEqualTo(PackageId.parse("org.acme/logger"));
        assertThat(manifest.version()).isEqualTo("1.2.0");
        assertThat(manifest.title()).isEqualTo("Acme :: logger 1.2.0");
        assertThat(manifest.description()).isEqualTo("A small logger for everybody.");
        assertThat(manifest.license()).isEqualTo("Apache-2.0");
        assertThat(manifest.categories()).containsExactly("jar");
        assertThat(manifest.tags()).containsExactly("logger", "acme");
        assertThat(manifest.links())
                .containsEntry("home", URI.create("https://acme.example/logger"))
                .containsEntry("issues", URI.create("https://issues.acme.example/logger"))
                .hasSize(2);
        assertThat(manifest.content())
                .contains(new ContentId("sha2-256", "d2c6cf77ae5f94f752b1bb51027081935c2487ad68f670e6d230f41c93d5c547"));
        assertThat(read.notes()).singleElement().asString().contains("logger-1.2.0.pom: scm.url: ", "git@acme.example");
    }

    @Test
    void aBillOfMaterialsTakesItsVersionFromTheParent() {
        PackageManifest manifest = read("org/acme/acme-bom/7/acme-bom-7.pom").manifest();

        assertThat(manifest.version()).isEqualTo("7");
        assertThat(manifest.categories()).containsExactly("bom", "pom");
        assertThat(manifest.title()).isEqualTo("acme-bom");
    }

    @Test
    void coordinatesAloneAreEnough() {
        PackageManifest manifest = read("odd/minimal.pom").manifest();

        assertThat(manifest.toString()).contains("acme/minimal");
        assertThat(manifest.description()).isEmpty();
        assertThat(manifest.content()).isEqualTo(Optional.empty());
    }

    @Test
    void aParentThatIsNotThereStillGivesItsCoordinates() {
        PomReader.Result.Read read = read("odd/orphan.pom");

        assertThat(read.manifest().id()).isEqualTo(PackageId.parse("org.elsewhere/orphan"));
        assertThat(read.manifest().version()).isEqualTo("3");
        assertThat(read.manifest().description()).isEmpty();
        assertThat(read.notes()).singleElement().asString().contains("orphan.pom: description: ", "something.of.its.parent");
    }

    @Test
    void aParentIsNotLookedForOutsideTheRepository() {
        assertThat(read("odd/parent-outside.pom").manifest().version()).isEqualTo("1");
    }

    @Test
    void theEncodingOfTheFileIsObeyed() {
        assertThat(read("odd/latin1.pom").manifest().title()).isEqualTo("Gr\u00fc\u00dfe");
    }

    @ParameterizedTest
    @CsvSource({
        "not-xml, xml, at line 3",
        "empty, xml, not well-formed",
        "html, groupId, missing",
        "no-version, version, missing",
        "bad-artifact, artifactId, invalid name 'what is/this'",
        "bad-version, version, '[1,2)'",
        "unknown-property, version, ${revision}",
        "loop, version, ${a}",
    })
    void aPomWithoutUsableCoordinatesIsRefusedByFileAndField(String name, String field, String reason) {
        PomReader.Result result = new PomReader(POMS).read(POMS.resolve("bad/" + name + ".pom"));

        assertThat(result).isInstanceOfSatisfying(PomReader.Result.Refused.class, refused -> {
            assertThat(refused.field()).isEqualTo(field);
            assertThat(refused.message()).contains("bad/" + name + ".pom: " + field + ": ").contains(reason);
        });
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        assertThat(new PomReader(POMS).read(POMS.resolve("bad/absent.pom")))
                .isInstanceOfSatisfying(
                        PomReader.Result.Refused.class, refused -> assertThat(refused.message()).contains("absent.pom: file"));
    }

    @Test
    void aPomCannotMakeTheReaderReadAnotherFile() throws IOException {
        Path secret = Files.writeString(temporary.resolve("secret.txt"), "the secret");
        for (String kind : List.of("", "% ")) {
            Path pom = Files.writeString(temporary.resolve("xxe.pom"), """
                    <?xml version="1.0"?>
                    <!DOCTYPE project [ <!ENTITY %sx SYSTEM "%s"> %s ]>
                    <project>
                      <groupId>org.acme</groupId><artifactId>xxe</artifactId><version>1</version>
                      <description>It says: &x;</description>
                    </project>
                    """.formatted(kind, secret.toUri(), kind.isEmpty() ? "" : "%x;"));

            assertThat(new PomReader(temporary).read(pom).toString()).doesNotContain("the secret");
        }
    }

    @Test
    void entitiesThatMultiplyCostNothing() {
        PomReader.Result result = new PomReader(POMS).read(POMS.resolve("bad/billion-laughs.pom"));

        assertThat(result.toString()).hasSizeLessThan(5_000);
    }

    @Test
    void aHugeDescriptionIsCutBetweenWordsToFitTheRecord() throws IOException {
        PackageManifest ascii = read(withDescription("word ".repeat(10_000))).manifest();
        PackageManifest wide = read(withDescription("\u6f22\u5b57 ".repeat(10_000))).manifest();
        PackageManifest unbroken = read(withDescription("\ud83d\ude00".repeat(10_000))).manifest();

        assertThat(ascii.description()).hasSizeBetween(1_900, 2_000).endsWith("word ...");
        assertThat(wide.description().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(2_000, 3_000);
        assertThat(unbroken.description().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(2_000, 3_000);
        assertThat(unbroken.description()).endsWith("\ud83d\ude00...");
    }

    @Test
    void whatATerminalWouldObeyIsNotInTheText() throws IOException {
        PackageManifest manifest = read(withDescription("red \u009b31m left \u202e right\ttab\nnext \u00a0 end")).manifest();

        assertThat(manifest.description()).isEqualTo("red 31m left right tab next end");
    }

    @Test
    void aFileLargerThanAnyPomIsRefusedUnread() throws IOException {
        Path pom = Files.writeString(temporary.resolve("large.pom"), " ".repeat(2_000_001));

        assertThat(new PomReader(temporary).read(pom).toString()).contains("2000000 bytes");
    }

    // ---- a whole repository

    @Test
    void aRepositoryIsReadWithTheVersionsOfAPackageInOrderAndItsBadFilesListed() {
        MavenRepository repository = MavenRepository.read(POMS, 1_000);

        assertThat(repository.packages().get(PackageId.parse("org.acme/logger")))
                .extracting(PackageManifest::version)
                .containsExactly("1.2.0", "1.10.0-rc.1", "1.10.0");
        assertThat(repository.refused()).hasSize(9);
        assertThat(repository.files()).isEqualTo(repository.versions() + repository.refused().size());
    }

    @Test
    void aLimitTakesTheSameFilesEachTime() {
        MavenRepository some = MavenRepository.read(POMS.resolve("org"), 4);

        assertThat(some.read()).isEqualTo(4);
        assertThat(some.files()).isEqualTo(5);
        assertThat(some).isEqualTo(MavenRepository.read(POMS.resolve("org"), 4));
    }

    @Test
    void aDirectoryThatIsNotThereIsBadInput() {
        assertThatThrownBy(() -> MavenRepository.read(temporary.resolve("absent"), 1))
                .isInstanceOf(RegistryException.InvalidInput.class)
                .hasMessageContaining("absent");
    }

    private PomReader.Result.Read read(String path) {
        return read(POMS.resolve(path));
    }

    private static PomReader.Result.Read read(Path file) {
        PomReader.Result result = new PomReader(POMS).read(file);
        assertThat(result).isInstanceOf(PomReader.Result.Read.class);
        return (PomReader.Result.Read) result;
    }

    private Path withDescription(String text) throws IOException {
        return Files.writeString(
                temporary.resolve("described.pom"),
                "<project><groupId>org.acme</groupId><artifactId>described</artifactId><version>1</version><description>"
                        + text + "</description></project>");
    }

    private static Path poms() {
        try {
            return Path.of(PomReaderTest.class.getResource("/poms").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
