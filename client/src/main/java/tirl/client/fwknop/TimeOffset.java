package tirl.client.fwknop;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far the packet's time is from the clock's, as fwknop writes it: {@code 60}, {@code 60sec}, {@code -2min}. */
public final class TimeOffset {
    private static final Pattern OFFSET = Pattern.compile("(-?)(\\d{1,9})\\s*([a-zA-Z]*)");

    private TimeOffset() {}

    /** Seconds. */
    public static long parse(String text) throws FwknopException {
        Matcher matcher = OFFSET.matcher(text);
        if (!matcher.matches()) {
            throw wrong(text);
        }
        String unit = matcher.group(3).toLowerCase(Locale.ROOT);
        long factor = unit.isEmpty()
                ? 1
                : switch (unit.charAt(0)) {
                    case 's' -> 1;
                    case 'm' -> 60;
                    case 'h' -> 3600;
                    case 'd' -> 86_400;
                    default -> throw wrong(text);
                };
        long seconds = Long.parseLong(matcher.group(2)) * factor;
        return matcher.group(1).isEmpty() ? seconds : -seconds;
    }

    private static FwknopException wrong(String text) {
        return new FwknopException("\"" + text + "\" is no time offset; write 60, 60sec, 2min, 3hours or 1day");
    }
}
