package tirl.knockd;

import java.nio.charset.StandardCharsets;

/** How a C program in the C locale reads text; Java's own methods know more blanks, digits and letters. */
final class Ascii {
    private Ascii() {}

    static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static String upper(String text) {
        StringBuilder upper = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            upper.append(c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
        }
        return upper.toString();
    }

    /** C's atoi of the GNU library: blanks, a sign, digits; held within 64 bits, then cut to 32. */
    static int atoi(String text) {
        int at = 0;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        boolean negative = at < text.length() && text.charAt(at) == '-';
        if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        long value = 0;
        for (; at < text.length() && isDigit(text.charAt(at)); at++) {
            int digit = text.charAt(at) - '0';
            if (value < (Long.MIN_VALUE + digit) / 10) {
                return (int) (negative ? Long.MIN_VALUE : Long.MAX_VALUE);
            }
            value = value * 10 - digit;
        }
        if (negative) {
            return (int) value;
        }
        return (int) (value == Long.MIN_VALUE ? Long.MAX_VALUE : -value);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether the text is what it seems: one to five digits and nothing else. */
    static boolean isPlainNumber(String text) {
        return !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> isDigit((char) c));
    }

    /** At most so many octets of UTF-8; a character cut in two is replaced. */
    static String cut(String text, int octets) {
        if (text.length() * 3 <= octets) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= octets ? text : new String(bytes, 0, octets, StandardCharsets.UTF_8);
    }
}
