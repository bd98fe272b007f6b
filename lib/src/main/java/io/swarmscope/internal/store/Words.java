package io.swarmscope.internal.store;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Cuts text into the words that are compared, the same way on every node. No state; any thread.
 *
 * <p>A word is a run of letters, digits and marks after NFKC, without regard to case. Of text that is searched, the parts of a word are words,
 * too: {@code JUnitPlatform5Engine} is also {@code unit}, {@code platform5} and {@code engine}. Digits stay with the letters before them, so that
 * {@code log4j} is one word and {@code h2database} has the part {@code database}. Scripts written without spaces become pairs of characters.
 */
final class Words {

    /** What is longer is cut: nobody types it, and what stands in descriptions by accident fills no memory. */
    static final int LONGEST = 64;

    /** Letters behind a digit that make a part of their own. */
    private static final int LETTERS_BEHIND_DIGIT = 3;

    private static final int FIRST_SPACELESS = 0x0E00;
    private static final int PROLONGED_SOUND = 0x30FC;

    private Words() {}

    /** The words of text that is searched, and their parts. Returns how long it is: its words without the parts. */
    static int of(String text, Consumer<String> words) {
        return cut(text, true, words);
    }

    /** The words of what somebody looks for, in their order. */
    static List<String> asked(String text) {
        List<String> words = new ArrayList<>();
        cut(text, false, words::add);
        return words;
    }

    /** The text without regard to case and to how its characters are composed. */
    static String fold(String text) {
        return isAscii(text) ? text.toLowerCase(Locale.ROOT) : folded(Normalizer.normalize(text, Normalizer.Form.NFKC));
    }

    /** Upper case first: it makes one of what is different in lower case only, as the letters for s in German and Greek. */
    private static String folded(String normal) {
        String lower = normal.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
        return Normalizer.normalize(lower, Normalizer.Form.NFKC);
    }

    private static int cut(String raw, boolean searched, Consumer<String> words) {
        boolean ascii = isAscii(raw);
        String text = ascii ? raw : Normalizer.normalize(raw, Normalizer.Form.NFKC);
        int length = 0;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!isOfWord(c)) {
                at += Character.charCount(c);
                continue;
            }
            boolean spaceless = isSpaceless(c);
            int end = endOfRun(text, at, spaceless);
            if (spaceless) {
                length += pairs(text, at, end, searched, words);
            } else {
                length++;
                word(text, at, end, ascii, searched, words);
            }
            at = end;
        }
        return length;
    }

    private static int endOfRun(String text, int from, boolean spaceless) {
        int end = from;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (!isOfWord(c) || isSpaceless(c) != spaceless) {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    private static void word(String text, int from, int to, boolean ascii, boolean searched, Consumer<String> words) {
        words.accept(folded(text, from, to, ascii));
        if (!searched) {
            return;
        }
        int begin = from;
        for (int at = from + 1; at <= to; at++) {
            if (at == to ? begin > from : beginsPart(text, at, to)) {
                if (at - begin > 1) {
                    words.accept(folded(text, begin, at, ascii));
                }
                begin = at;
            }
        }
    }

    private static boolean beginsPart(String text, int at, int to) {
        char before = text.charAt(at - 1);
        char c = text.charAt(at);
        if (Character.isUpperCase(c)) {
            return (!Character.isUpperCase(before) && !Character.isDigit(before))
                    || (at + 1 < to && Character.isLowerCase(text.charAt(at + 1)));
        }
        if (!Character.isDigit(before) || to - at < LETTERS_BEHIND_DIGIT) {
            return false;
        }
        for (int i = at; i < at + LETTERS_BEHIND_DIGIT; i++) {
            if (!Character.isLetter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String folded(String text, int from, int to, boolean ascii) {
        String run = text.substring(from, Math.min(to, from + LONGEST));
        String folded = ascii ? run.toLowerCase(Locale.ROOT) : folded(run);
        return folded.length() > LONGEST ? folded.substring(0, LONGEST) : folded;
    }

    /**
     * Each two neighbours; of searched text also the last character alone, so that every single one is the beginning of a word. Returns how many
     * characters there are.
     */
    private static int pairs(String text, int from, int to, boolean searched, Consumer<String> words) {
        int length = 0;
        int at = from;
        while (at < to) {
            int next = text.offsetByCodePoints(at, 1);
            if (next < to) {
                words.accept(folded(text.substring(at, text.offsetByCodePoints(next, 1))));
            } else if (searched || length == 0) {
                words.accept(folded(text.substring(at, next)));
            }
            length++;
            at = next;
        }
        return length;
    }

    private static boolean isOfWord(int c) {
        if (Character.isLetterOrDigit(c)) {
            return true;
        }
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isSpaceless(int c) {
        if (c < FIRST_SPACELESS) {
            return false;
        }
        if (c == PROLONGED_SOUND) {
            return true;
        }
        UnicodeScript script = UnicodeScript.of(c);
        return switch (script) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }
}
