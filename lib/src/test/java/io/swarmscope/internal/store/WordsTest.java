package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void namesAreCutAtPunctuationAndKeepTheirDigits() {
        assertThat(of("log4j-core")).containsExactly("log4j", "core");
        assertThat(of("org.apache_commons/commons-lang3")).containsExactly("org", "apache", "commons", "commons", "lang3");
        assertThat(of("Spring Boot: 3.2!")).containsExactly("spring", "boot", "3", "2");
        assertThat(of(" -- ?")).isEmpty();
    }

    @Test
    void camelCaseIsCutBesidesTheWhole() {
        assertThat(of("junitPlatform")).containsExactly("junitplatform", "junit", "platform");
        assertThat(of("XMLHttpRequest")).containsExactly("xmlhttprequest", "xml", "http", "request");
        assertThat(of("JUnit5Engine")).containsExactly("junit5engine", "unit5", "engine");
        assertThat(of("ALLCAPS")).containsExactly("allcaps");
    }

    @Test
    void lettersBehindADigitAreAPartIfThereAreThree() {
        assertThat(of("h2database")).containsExactly("h2database", "h2", "database");
        assertThat(of("s3client")).containsExactly("s3client", "s3", "client");
        assertThat(of("log4j2 slf4j j2ee utf8 mp3")).containsExactly("log4j2", "slf4j", "j2ee", "utf8", "mp3");
    }

    @Test
    void whatSomebodyLooksForIsNotCutIntoParts() {
        assertThat(Words.asked("junitPlatform h2database, log4j-core")).containsExactly("junitplatform", "h2database", "log4j", "core");
    }

    @Test
    void caseAndCompositionOfCharactersMakeNoDifference() {
        assertThat(of("ＪＳＯＮ")).containsExactly("json");
        assertThat(of("Cafe\u0301")).isEqualTo(of("CAFÉ")).containsExactly("café");
        assertThat(of("STRASSE")).isEqualTo(of("Straße"));
        assertThat(of("ΟΔΟΣ")).isEqualTo(of("οδος")).isEqualTo(of("οδοσ"));
        assertThat(of("ﬁle")).containsExactly("file");
        assertThat(Words.fold("Größe ＭＩＴ")).isEqualTo("grösse mit");
    }

    @Test
    void marksBelongToTheirLetters() {
        assertThat(of("हिन्दी पाठ")).containsExactly("हिन्दी", "पाठ");
    }

    @Test
    void textWithoutSpacesBecomesPairs() {
        assertThat(of("全文検索 library")).containsExactly("全文", "文検", "検索", "索", "library");
        assertThat(of("データJson処理")).containsExactly("デー", "ータ", "タ", "json", "処理", "理");
        assertThat(Words.asked("文検索")).containsExactly("文検", "検索");
        assertThat(Words.asked("索")).containsExactly("索");
        assertThat(of("𠮷野家")).containsExactly("𠮷野", "野家", "家");
    }

    @Test
    void theLengthCountsWordsAndNotTheirParts() {
        assertThat(Words.of("junitPlatform log4j 検索", word -> {})).isEqualTo(4);
    }

    @Test
    void endlessWordsAreCutOnBothSides() {
        String endless = "x".repeat(4_000);
        assertThat(of(endless)).containsExactly("x".repeat(64));
        assertThat(Words.asked(endless.substring(0, 256))).containsExactly("x".repeat(64));
        assertThat(of("ß".repeat(60))).containsExactly("s".repeat(64));
    }

    private static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        int unused = Words.of(text, words::add);
        return words;
    }
}
