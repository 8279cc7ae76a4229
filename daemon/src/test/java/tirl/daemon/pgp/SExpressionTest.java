package tirl.daemon.pgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SExpressionTest {
    private static SExpression read(String text) throws IOException {
        return SExpression.read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All spellings in which libgcrypt writes an atom; which one depends on its octets. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "abc 616263",
                "\"a(b\" 612862",
                "\"\\v\" 0b",
                "\"\\b\\t\\n\\f\\r\" 08090a0c0d",
                "\"\\\"\\'\\\\\" 22275c",
                "\"a\\xfe\\x00\" 61fe00",
                "\"\u00e1\u00ff\" e1ff",
                "#0b0C# 0b0c",
                "2:)( 2928",
                "\"\" ``",
            })
    void atom_isItsOctets(String spelling, String octets) throws IOException {
        assertThat(read("(elg (g " + spelling + ") (p #07#))").value("g"))
                .hasValueSatisfying(
                        value -> assertThat(HexFormat.of().formatHex(value)).isEqualTo(octets));
        assertThat(read("(elg (g " + spelling + ") (p #07#))").value("p")).hasValue(new byte[] {7});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "(",
                "(a",
                "(a \"b)",
                "(a \"\\q\")",
                "(a \"\\x1",
                "(a \"\\xgg\")",
                "(a #1#)",
                "(9:ab)",
                "(a \"b\\"
            })
    void damaged_isSaid(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
    }

    @Test
    void lists_haveABound() {
        assertThatThrownBy(() -> read("(".repeat(10_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("deep");
    }
}
