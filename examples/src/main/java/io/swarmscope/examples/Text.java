package io.swarmscope.examples;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text that fits: on one line, in a column, in a record. */
final class Text {
    private Text() {}

    /**
     * One line without control or formatting characters. Everything a stranger published goes through here before it
     * reaches a terminal, which would obey some of them.
     */
    static String line(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c) || unprintable(c)) {
                gap = true;
                continue;
            }
            if (gap && !clean.isEmpty()) {
                clean.append(' ');
            }
            gap = false;
            clean.appendCodePoint(c);
        }
        return clean.toString();
    }

    private static boolean unprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** The text, or as much of its beginning as fits in {@code max} characters together with the dots that say so. */
    static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Math.max(0, max - 3);
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end).stripTrailing() + "...";
    }

    /** As {@link #cut}, but keeps the end: for names that say the most there. */
    static String cutLeft(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int start = Math.min(text.length(), text.length() - max + 3);
        if (start < text.length() && Character.isLowSurrogate(text.charAt(start))) {
            start++;
        }
        return "..." + text.substring(start);
    }

    /** Cut between words to at most {@code maxChars} characters and {@code maxBytes} bytes of UTF-8. */
    static String cutWords(String text, int maxChars, int maxBytes) {
        String cut = cut(text, maxChars);
        while (cut.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            cut = cut(text, cut.length() * 9 / 10);
        }
        if (cut.length() == text.length()) {
            return text;
        }
        int space = cut.lastIndexOf(' ', cut.length() - 4);
        return space > cut.length() * 3 / 4 ? cut.substring(0, space) + " ..." : cut;
    }

    /** The text in lines of at most {@code width} characters, broken at blanks where there are any. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int at = rest.lastIndexOf(' ', width);
            if (at <= 0) {
                at = Character.isHighSurrogate(rest.charAt(width - 1)) ? width - 1 : width;
            }
            lines.add(rest.substring(0, at).stripTrailing());
            rest = rest.substring(at).stripLeading();
        }
        if (!rest.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }

    /** {@code 0.8 ms}, {@code 12 ms}, {@code 3.4 s}, {@code 2 min 5 s}. */
    static String time(Duration duration) {
        double ms = duration.toNanos() / 1e6;
        if (ms < 9.95) {
            return String.format(Locale.ROOT, "%.1f ms", ms);
        }
        if (ms < 999.5) {
            return String.format(Locale.ROOT, "%.0f ms", ms);
        }
        if (ms < 59_950) {
            return String.format(Locale.ROOT, "%.1f s", ms / 1000);
        }
        long seconds = Math.round(ms / 1000);
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    /** {@code 1 package}, {@code 1,234 packages}. */
    static String count(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }

    /** {@link #count(long, String, String)} of a word that takes an s. */
    static String count(long number, String one) {
        return count(number, one, one + "s");
    }
}
