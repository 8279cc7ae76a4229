package tirl.daemon.pgp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A list or an atom of gpg-agent's key files, in the canonical or the readable form. */
final class SExpression {
    private static final int DEEPEST = 12;

    private final byte[] atom;
    private final boolean list;
    private final List<SExpression> items;

    private SExpression(byte[] atom, boolean list, List<SExpression> items) {
        this.atom = atom;
        this.list = list;
        this.items = List.copyOf(items);
    }

    /** The list at the start of this text. */
    static SExpression read(byte[] text) throws IOException {
        Reader reader = new Reader(text);
        if (!reader.next("(")) {
            throw new IOException("no list");
        }
        return reader.list(0);
    }

    List<SExpression> items() {
        return items;
    }

    /** Its octets; of a list none. */
    byte[] octets() {
        return atom.clone();
    }

    String text() {
        return new String(atom, StandardCharsets.ISO_8859_1);
    }

    /** Whether it is a list that begins with this word. */
    boolean is(String name) {
        return list && !items.isEmpty() && items.getFirst().text().equals(name);
    }

    /** The list of this name in this list. */
    Optional<SExpression> find(String name) {
        return items.stream().filter(item -> item.is(name)).findFirst();
    }

    /** What follows the name in the list of this name. */
    Optional<byte[]> value(String name) {
        return find(name)
                .filter(found -> found.items.size() > 1)
                .map(found -> found.items.get(1).octets());
    }

    /** The one spelling that is hashed, without the lists of a name. */
    byte[] canonicalWithout(String name) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        write(text, name);
        return text.toByteArray();
    }

    private void write(ByteArrayOutputStream text, String without) {
        if (!list) {
            text.writeBytes((atom.length + ":").getBytes(StandardCharsets.US_ASCII));
            text.writeBytes(atom);
        } else if (!is(without)) {
            text.write('(');
            items.forEach(item -> item.write(text, without));
            text.write(')');
        }
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(byte[] text) {
            this.text = new String(text, StandardCharsets.ISO_8859_1);
        }

        boolean next(String token) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            boolean there = text.startsWith(token, at);
            at += there ? token.length() : 0;
            return there;
        }

        SExpression list(int depth) throws IOException {
            if (depth > DEEPEST) {
                throw new IOException("lists too deep");
            }
            List<SExpression> items = new ArrayList<>();
            while (!next(")")) {
                items.add(next("(") ? list(depth + 1) : new SExpression(atom(), false, List.of()));
            }
            return new SExpression(new byte[0], true, items);
        }

        private byte[] atom() throws IOException {
            if (at == text.length()) {
                throw new IOException("a list does not end");
            }
            if (next("#")) {
                String digits = until('#').replaceAll("\\s", "");
                try {
                    return HexFormat.of().parseHex(digits);
                } catch (IllegalArgumentException e) {
                    throw new IOException("no hexadecimal number", e);
                }
            }
            if (next("\"")) {
                return string();
            }
            int start = at;
            while (at < text.length() && " \t\r\n()\":#".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String token = text.substring(start, at);
            if (at < text.length() && text.charAt(at) == ':' && token.matches("[0-9]{1,6}")) {
                at++;
                return take(Integer.parseInt(token)).getBytes(StandardCharsets.ISO_8859_1);
            }
            if (token.isEmpty()) {
                throw new IOException("an odd character");
            }
            return token.getBytes(StandardCharsets.ISO_8859_1);
        }

        /** As libgcrypt writes octets that it takes for text: a generator of 11 is {@code "\\v"}, a salt may be any of it. */
        private byte[] string() throws IOException {
            StringBuilder octets = new StringBuilder();
            for (char next = character(); next != '"'; next = character()) {
                octets.append(next == '\\' ? escaped(character()) : next);
            }
            return octets.toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        private char escaped(char letter) throws IOException {
            return switch (letter) {
                case 'b' -> '\b';
                case 't' -> '\t';
                case 'v' -> '\013';
                case 'n' -> '\n';
                case 'f' -> '\f';
                case 'r' -> '\r';
                case '"', '\'', '\\' -> letter;
                case 'x' -> octet(take(2));
                default -> throw new IOException("an escape that is not known");
            };
        }

        private static char octet(String digits) throws IOException {
            try {
                return (char) HexFormat.fromHexDigits(digits);
            } catch (IllegalArgumentException e) {
                throw new IOException("no hexadecimal number", e);
            }
        }

        private char character() throws IOException {
            return take(1).charAt(0);
        }

        private String until(char end) throws IOException {
            int stop = text.indexOf(end, at);
            if (stop < 0) {
                throw new IOException("a value does not end");
            }
            String found = text.substring(at, stop);
            at = stop + 1;
            return found;
        }

        private String take(int octets) throws IOException {
            if (octets > text.length() - at) {
                throw new IOException("a value does not end");
            }
            at += octets;
            return text.substring(at - octets, at);
        }
    }
}
