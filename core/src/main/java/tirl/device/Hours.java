package tirl.device;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.config.NotationException;

/**
 * Hours of some days of the week.
 *
 * @param days those on which they begin
 * @param from the first minute
 * @param to the first minute after; when not later than {@code from}, of the day after
 */
public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
    private static final Pattern NOTATION =
            Pattern.compile("([a-z+-]+)\\s+(\\d{1,2}):(\\d{2})\\s*-\\s*(\\d{1,2}):(\\d{2})");

    private static final String REMEDY =
            "; write \"mon-fri 08:00-18:00\", \"sat+sun 09:00-12:00\" or " + "\"daily 22:00-06:00\"";
    private static final String DAILY = "daily";
    private static final int WEEK = 7;
    /** From here on a row of days is written as its first and last. */
    private static final int ROW = 3;

    public Hours {
        days = Set.copyOf(days);
        if (days.isEmpty()) {
            throw new IllegalArgumentException("hours of no day");
        }
    }

    /** {@code mon-fri 08:00-18:00}, {@code mon+wed 22:00-06:00} or {@code daily 08:00-18:00}. */
    public static Hours parse(String text) throws NotationException {
        Matcher matcher = NOTATION.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new NotationException("\"" + text + "\" are no hours" + REMEDY);
        }
        return new Hours(
                days(matcher.group(1)),
                time(matcher.group(2), matcher.group(3)),
                time(matcher.group(4), matcher.group(5)));
    }

    /** By the clock on the wall in that zone: the hour that a change of the clock repeats is there twice. */
    public boolean contains(Instant instant, ZoneId zone) {
        ZonedDateTime now = instant.atZone(zone);
        LocalTime time = now.toLocalTime();
        boolean today = days.contains(now.getDayOfWeek());
        boolean yesterday = days.contains(now.getDayOfWeek().minus(1));
        boolean begun = !time.isBefore(from);
        boolean ended = !time.isBefore(to);
        return from.isBefore(to) ? today && begun && !ended : (today && begun) || (yesterday && !ended);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return written(days) + " " + from + "-" + (to.equals(LocalTime.MIDNIGHT) ? "24:00" : to);
    }

    private static Set<DayOfWeek> days(String text) throws NotationException {
        if (text.equals(DAILY)) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : text.split("\\+", -1)) {
            String[] ends = part.split("-", -1);
            if (ends.length > 2) {
                throw new NotationException("\"" + part + "\" are no days" + REMEDY);
            }
            DayOfWeek next = day(ends[0]);
            DayOfWeek last = day(ends[ends.length - 1]);
            days.add(next);
            while (next != last) {
                next = next.plus(1);
                days.add(next);
            }
        }
        return days;
    }

    private static DayOfWeek day(String text) throws NotationException {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (shortName(day).equals(text)) {
                return day;
            }
        }
        throw new NotationException(
                "\"" + text + "\" is no day; there are mon, tue, wed, thu, fri, sat, sun and daily");
    }

    private static String shortName(DayOfWeek day) {
        return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
    }

    private static LocalTime time(String hour, String minute) throws NotationException {
        int hours = Integer.parseInt(hour);
        int minutes = Integer.parseInt(minute);
        if (hours == 24 && minutes == 0) {
            return LocalTime.MIDNIGHT;
        }
        if (hours > 23 || minutes > 59) {
            throw new NotationException("there is no " + hour + ":" + minute + "; times go from 00:00 to 24:00");
        }
        return LocalTime.of(hours, minutes);
    }

    private static String written(Set<DayOfWeek> days) {
        if (days.size() == WEEK) {
            return DAILY;
        }
        List<String> parts = new ArrayList<>();
        List<String> row = new ArrayList<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            Optional.of(day).filter(days::contains).map(Hours::shortName).ifPresent(row::add);
            if (!days.contains(day) || day == DayOfWeek.SUNDAY) {
                parts.addAll(row.size() < ROW ? row : List.of(row.getFirst() + "-" + row.getLast()));
                row.clear();
            }
        }
        return String.join("+", parts);
    }
}
