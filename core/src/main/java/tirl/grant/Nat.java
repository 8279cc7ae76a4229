package tirl.grant;

import java.util.Optional;
import tirl.door.Forward;
import tirl.packet.Address;

/**
 * Where connections to a leased port lead in place of this host's port of that number.
 *
 * @param host empty for whichever address of this host the client wrote to
 * @param port there, 1 to 65535
 */
public record Nat(Optional<Address> host, int port, Sender sender) {
    private static final String MASQUERADE = "masquerade";

    public Nat {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (host.isEmpty() && !sender.equals(new Sender.Client())) {
            throw new IllegalArgumentException("what stays on this host keeps its source");
        }
        if (sender instanceof Sender.As(var address)
                && host.stream().anyMatch(one -> one.isIpv4() != address.isIpv4())) {
            throw new IllegalArgumentException("nothing goes to " + host.get() + " from " + address);
        }
    }

    /** Another port of this host. */
    public static Nat local(int port) {
        return new Nat(Optional.empty(), port, new Sender.Client());
    }

    /** The destination alone: {@code 10.0.0.5:80}, {@code [fd00::5]:80} or {@code :22}. */
    public String destination() {
        return host.map(address -> new Forward(address, port).toString()).orElse(":" + port);
    }

    /** All of it, without a blank: {@code 10.0.0.5:80,masquerade}, {@code 10.0.0.5:80,10.0.0.1}. */
    @Override
    public String toString() {
        return switch (sender) {
            case Sender.Client() -> destination();
            case Sender.Masquerade() -> destination() + "," + MASQUERADE;
            case Sender.As(var address) -> destination() + "," + address;
        };
    }

    /** Reads what {@link #toString} wrote; empty for anything else. */
    public static Optional<Nat> parse(String text) {
        String[] parts = text.split(",", 2);
        int colon = parts[0].lastIndexOf(':');
        try {
            String host = colon < 0 ? "" : parts[0].substring(0, colon).replaceAll("^\\[|\\]$", "");
            Optional<Address> address = Address.parse(host);
            if (address.isEmpty() && !host.isEmpty()) {
                return Optional.empty();
            }
            Optional<Sender> sender = parts.length == 1 ? Optional.of(new Sender.Client()) : sender(parts[1]);
            int port = Integer.parseInt(parts[0].substring(colon + 1));
            return sender.map(one -> new Nat(address, port, one))
                    .filter(nat -> nat.toString().equals(text));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static Optional<Sender> sender(String text) {
        return text.equals(MASQUERADE)
                ? Optional.of(new Sender.Masquerade())
                : Address.parse(text).map(Sender.As::new);
    }

    /** Whom the machine takes for the sender. */
    public sealed interface Sender {
        /** Who it is. */
        record Client() implements Sender {}

        /** This host, by the address of the interface towards the machine. */
        record Masquerade() implements Sender {}

        /** This address. */
        record As(Address address) implements Sender {}
    }
}
