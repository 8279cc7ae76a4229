package tirl.knockd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.packet.Address;

class KnockdDoorTest {
    private static final Address FOUR = Address.parse("10.0.0.2").orElseThrow();
    private static final Address SIX = Address.parse("fd00::2").orElseThrow();

    /** {@code -} is absent. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a   | -  | b   | -  | a/b          | a/b
            a   | A  | b   | B  | a/b          | A/B
            a   | A  | b   | -  | a/b          | A/b
            a   | '' | b   | B  | a/b          | -/-
            a   | A  | b   | '' | a/b          | A/-
            -   | A  | b   | B  | -/-          | A/B
            ''  | -  | b   | -  | -/-          | -/-
            -   | -  | -   | -  | -/-          | -/-
            """)
    void commands_chosenByFamily(String start, String start6, String stop, String stop6, String four, String six) {
        String text = "sequence=1\n"
                + line("command", start) + line("command_6", start6)
                + line("stop_command", stop) + line("stop_command_6", stop6);
        KnockdDoor door = KnockdDoors.door(text);
        assertThat(ready(door.commands(FOUR))).isEqualTo(four);
        assertThat(ready(door.commands(SIX))).isEqualTo(six);
    }

    @Test
    void expand_replacesEverywhereInExactCase() {
        assertThat(KnockdDoor.expand("%IP% %ip% x%IP%%IP% %DOOR%", SIX))
                .isEqualTo("fd00::2 %ip% xfd00::2fd00::2 %DOOR%");
    }

    @Test
    void commandThatReaches4096Octets_keepsBothFromRunning() {
        int address = FOUR.toString().length();
        String fits = "%IP%" + "x".repeat(4095 - address);
        assertThat(door(fits, fits).commands(FOUR)).isInstanceOf(KnockdCommands.Ready.class);
        assertThat(door(fits + "x", "stop").commands(FOUR)).isEqualTo(new KnockdCommands.StartTooLong());
        assertThat(door("start", fits + "x").commands(FOUR)).isEqualTo(new KnockdCommands.StopTooLong());
        assertThat(door(fits + "x", fits + "x").commands(FOUR)).isEqualTo(new KnockdCommands.StartTooLong());
        assertThat(door("é".repeat(2048), "stop").commands(FOUR)).isEqualTo(new KnockdCommands.StartTooLong());
    }

    private static KnockdDoor door(String start, String stop) {
        KnockdDoor door = KnockdDoors.door("sequence=1");
        return new KnockdDoor(
                door.name(),
                List.copyOf(door.sequence()),
                Optional.empty(),
                25,
                door.flags(),
                Optional.empty(),
                Optional.of(start),
                Optional.empty(),
                Optional.of(stop),
                Optional.empty(),
                10);
    }

    private static String line(String key, String value) {
        return value.equals("-") ? "" : key + "=" + value + "\n";
    }

    private static String ready(KnockdCommands commands) {
        KnockdCommands.Ready ready = (KnockdCommands.Ready) commands;
        return ready.start().orElse("-") + "/" + ready.stop().orElse("-");
    }
}
