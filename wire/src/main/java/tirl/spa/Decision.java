package tirl.spa;

import java.util.Arrays;
import java.util.Optional;

/** What an answer says was decided (section 8). */
public enum Decision {
    GRANTED(1, 0, "granted"),
    REHEARSED(2, 0, "would be granted"),
    REGISTERED(4, 0, "registered"),
    CLOSED(5, 0, "closed"),
    TOO_OLD(3, 1, "too old: this device's clock is slow"),
    FROM_THE_FUTURE(3, 2, "from the future: this device's clock is fast"),
    BEFORE_START(3, 3, "made before the server started: try again"),
    WRONG_ADDRESS(3, 4, "sent from another address than it says"),
    UNKNOWN_SERVICE(3, 5, "the server has no such service"),
    SERVICE_NOT_ALLOWED(3, 6, "this device may not open that service"),
    NETWORK_NOT_ALLOWED(3, 7, "not from this network"),
    HOUR_NOT_ALLOWED(3, 8, "not at this hour"),
    TOO_MANY_LEASES(3, 9, "too many leases at once"),
    WRONG_CODE(3, 10, "the one-time code is wrong or missing"),
    MODE_NOT_ALLOWED(3, 11, "this address mode is not allowed"),
    SERVER_FAILED(3, 12, "the server could not; its log says why");

    private final int code;
    private final int reason;
    private final String text;

    Decision(int code, int reason, String text) {
        this.code = code;
        this.reason = reason;
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }

    int code() {
        return code;
    }

    int reason() {
        return reason;
    }

    static Optional<Decision> of(int code, int reason) {
        return Arrays.stream(values())
                .filter(decision -> decision.code == code && decision.reason == reason)
                .findFirst();
    }
}
