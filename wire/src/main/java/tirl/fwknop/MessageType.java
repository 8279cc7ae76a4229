package tirl.fwknop;

import java.util.Optional;
import java.util.OptionalInt;

/** What a message asks for (section 2.1); the number is field 5. */
public enum MessageType {
    COMMAND(0, Nat.NONE, false),
    ACCESS(1, Nat.NONE, false),
    NAT_ACCESS(2, Nat.FORWARD, false),
    ACCESS_TIMEOUT(3, Nat.NONE, true),
    NAT_ACCESS_TIMEOUT(4, Nat.FORWARD, true),
    LOCAL_NAT(5, Nat.LOCAL, false),
    LOCAL_NAT_TIMEOUT(6, Nat.LOCAL, true);

    private enum Nat {
        NONE,
        FORWARD,
        LOCAL
    }

    private final int number;
    private final Nat nat;
    private final boolean hasTimeout;

    MessageType(int number, Nat nat, boolean hasTimeout) {
        this.number = number;
        this.nat = nat;
        this.hasTimeout = hasTimeout;
    }

    static MessageType of(SpaRequest request) {
        return switch (request) {
            case SpaRequest.Command _ -> COMMAND;
            case SpaRequest.Access(var _, var _, Optional<NatTarget> target, OptionalInt timeout) -> {
                boolean timed = timeout.isPresent();
                if (target.isEmpty()) {
                    yield timed ? ACCESS_TIMEOUT : ACCESS;
                }
                if (target.get().local()) {
                    yield timed ? LOCAL_NAT_TIMEOUT : LOCAL_NAT;
                }
                yield timed ? NAT_ACCESS_TIMEOUT : NAT_ACCESS;
            }
        };
    }

    static Optional<MessageType> of(String field) {
        if (field.length() != 1) {
            return Optional.empty();
        }
        for (MessageType type : values()) {
            if (type.number == field.charAt(0) - '0') {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Field 5. */
    public int number() {
        return number;
    }

    boolean hasNat() {
        return nat != Nat.NONE;
    }

    boolean isLocalNat() {
        return nat == Nat.LOCAL;
    }

    boolean hasTimeout() {
        return hasTimeout;
    }
}
