package tirl.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.config.NotationException;

class HoursTest {
    @ParameterizedTest
    @CsvSource({
        "mon-fri 08:00-18:00, mon-fri 08:00-18:00",
        "sat 09:00-12:00, sat 09:00-12:00",
        "mon+wed 22:00-06:00, mon+wed 22:00-06:00",
        "daily 08:00-18:00, daily 08:00-18:00",
        "mon-sun 00:00-24:00, daily 00:00-24:00",
        "Mon-Wed+Sat+Sun  8:00 - 9:30, mon-wed+sat+sun 08:00-09:30",
        "fri-mon 00:00-00:00, mon+fri-sun 00:00-24:00",
        "sun 24:00-01:00, sun 00:00-01:00",
        "mon-tue 08:00-09:00, mon+tue 08:00-09:00"
    })
    void parse_right_isWrittenInOneForm(String text, String form) throws NotationException {
        assertThat(Hours.parse(text)).hasToString(form).isEqualTo(Hours.parse(form));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            always                | write "mon-fri 08:00-18:00"
            mon-fri               | write "mon-fri 08:00-18:00"
            08:00-18:00           | write "mon-fri 08:00-18:00"
            mon 8-18              | write "mon-fri 08:00-18:00"
            mon,tue 08:00-18:00   | write "mon-fri 08:00-18:00"
            mo-fr 08:00-18:00     | "mo" is no day; there are mon, tue
            mon-wed-fri 08:00-18:00 | "mon-wed-fri" are no days
            mon+ 08:00-18:00      | "" is no day
            daily+mon 08:00-18:00 | "daily" is no day
            mon 25:00-26:00       | there is no 25:00
            mon 08:60-09:00       | there is no 08:60
            mon 08:00-24:01       | there is no 24:01
            """)
    void parse_wrong_saysWhatIsRight(String text, String remedy) {
        assertThatThrownBy(() -> Hours.parse(text))
                .isInstanceOf(NotationException.class)
                .hasMessageContaining(remedy);
    }

    /** 2026-11-23 is a Monday. */
    @ParameterizedTest
    @CsvSource({
        "mon-fri 08:00-18:00, 2026-11-23T08:00, true",
        "mon-fri 08:00-18:00, 2026-11-23T07:59:59, false",
        "mon-fri 08:00-18:00, 2026-11-23T17:59:59, true",
        "mon-fri 08:00-18:00, 2026-11-23T18:00, false",
        "mon-fri 08:00-18:00, 2026-11-28T12:00, false",
        "mon+wed 22:00-06:00, 2026-11-23T22:00, true",
        "mon+wed 22:00-06:00, 2026-11-24T05:59, true",
        "mon+wed 22:00-06:00, 2026-11-24T06:00, false",
        "mon+wed 22:00-06:00, 2026-11-24T23:00, false",
        "mon+wed 22:00-06:00, 2026-11-23T05:00, false",
        "sun 22:00-06:00, 2026-11-23T05:00, true",
        "daily 00:00-24:00, 2026-11-29T00:00, true",
        "mon 12:00-24:00, 2026-11-23T23:59, true",
        "mon 12:00-24:00, 2026-11-24T00:00, false"
    })
    void contains_timeOnTheWall_isDecided(String hours, LocalDateTime at, boolean is) throws NotationException {
        assertThat(Hours.parse(hours).contains(at.toInstant(ZoneOffset.UTC), ZoneOffset.UTC))
                .isEqualTo(is);
    }

    @Test
    void contains_zone_isTheServers() throws NotationException {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        var noonInSummer = LocalDateTime.parse("2026-07-06T06:30").toInstant(ZoneOffset.UTC);
        Hours hours = Hours.parse("mon 08:00-09:00");
        assertThat(hours.contains(noonInSummer, berlin)).isTrue();
        assertThat(hours.contains(noonInSummer, ZoneOffset.UTC)).isFalse();
    }

    /** Every minute of a week against the hours laid out on a line of 10080 minutes. */
    @Test
    void contains_drawnHours_agreesWithMinutesOfTheWeek() throws NotationException {
        Random random = new Random(11);
        LocalDateTime monday = LocalDateTime.parse("2026-11-23T00:00");
        for (int i = 0; i < 300; i++) {
            Set<DayOfWeek> days = new HashSet<>();
            days.add(DayOfWeek.of(1 + random.nextInt(7)));
            days.add(DayOfWeek.of(1 + random.nextInt(7)));
            days.add(DayOfWeek.of(1 + random.nextInt(7)));
            int from = random.nextInt(1440);
            int to = random.nextInt(1440);
            Hours hours = new Hours(days, LocalTime.ofSecondOfDay(from * 60L), LocalTime.ofSecondOfDay(to * 60L));
            assertThat(Hours.parse(hours.toString())).isEqualTo(hours);
            boolean[] open = new boolean[7 * 1440];
            int length = to > from ? to - from : to + 1440 - from;
            for (DayOfWeek day : days) {
                for (int minute = 0; minute < length; minute++) {
                    open[((day.getValue() - 1) * 1440 + from + minute) % open.length] = true;
                }
            }
            for (int at = 0; at < open.length; at += 1 + random.nextInt(30)) {
                assertThat(hours.contains(monday.plusMinutes(at).toInstant(ZoneOffset.UTC), ZoneOffset.UTC))
                        .as(hours + " at minute " + at)
                        .isEqualTo(open[at]);
            }
        }
    }
}
