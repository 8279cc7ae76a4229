package tirl.client.spa;

import java.net.InetAddress;
import java.time.Duration;
import tirl.spa.Answer;
import tirl.spa.Decision;

/**
 * A sealed answer to a packet of ours.
 *
 * @param at where the packet was sent
 * @param by what it was sealed with
 * @param roundTrip from the sending to the hearing
 * @param skewMs the server's clock less this one's (section 8)
 */
public record Heard(InetAddress at, Keyring by, Answer answer, Duration roundTrip, long skewMs) {

    /** Whether the server did what was asked, or would. */
    public boolean isYes() {
        return switch (answer.decision()) {
            case GRANTED, REHEARSED, REGISTERED, CLOSED -> true;
            case TOO_OLD,
                    FROM_THE_FUTURE,
                    BEFORE_START,
                    WRONG_ADDRESS,
                    UNKNOWN_SERVICE,
                    SERVICE_NOT_ALLOWED,
                    NETWORK_NOT_ALLOWED,
                    HOUR_NOT_ALLOWED,
                    TOO_MANY_LEASES,
                    WRONG_CODE,
                    MODE_NOT_ALLOWED,
                    SERVER_FAILED -> false;
        };
    }

    /** Whether the same again, a little later, may be taken. */
    public boolean isTransient() {
        return answer.decision() == Decision.BEFORE_START;
    }

    /** For people: why it is no, and what to do where this side can do something. */
    public String reason() {
        String text = answer.decision().text();
        return switch (answer.decision()) {
            case TOO_OLD, FROM_THE_FUTURE -> text + " (" + clock() + "); set the clock";
            case WRONG_ADDRESS ->
                text + ": the server saw " + answer.observed() + "; write it into addresses of the profile";
            case NETWORK_NOT_ALLOWED -> text + ": the server saw " + answer.observed();
            case UNKNOWN_SERVICE, SERVICE_NOT_ALLOWED -> text + "; see services in the profile, or --service";
            case MODE_NOT_ALLOWED -> text + "; see address in the profile";
            case WRONG_CODE ->
                text
                        + "; a code is good once, so wait for the next one. With code = true in [spa] of the profile, or --code, tirl asks for it";
            case HOUR_NOT_ALLOWED, TOO_MANY_LEASES, BEFORE_START, SERVER_FAILED -> text;
            case GRANTED, REHEARSED, REGISTERED, CLOSED -> text;
        };
    }

    /** How far this clock is off, in words. */
    public String clock() {
        long seconds = Math.round(Math.abs(skewMs) / 1000.0);
        if (seconds == 0) {
            return "this clock agrees with the server's within " + Math.abs(skewMs) + " ms";
        }
        return "this clock is " + seconds + " s " + (skewMs > 0 ? "slow" : "fast");
    }
}
