package tirl.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tirl.client.fwknop.Plan;
import tirl.client.fwknop.Route;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.MessageType;
import tirl.fwknop.NatTarget;
import tirl.fwknop.RequestedPort;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.SpaRequest;

/** What a packet says, as fwknop's client prints it. */
record FwknopReport(PrintWriter out) {
    void fields(Plan.Packet packet) {
        SpaMessage message = packet.message();
        String text;
        String nat = "<NULL>";
        OptionalInt timeout = OptionalInt.empty();
        switch (message.request()) {
            case SpaRequest.Command(var allow, var command) -> text = allow + "," + command;
            case SpaRequest.Access access -> {
                text = access.allow() + ","
                        + access.ports().stream().map(RequestedPort::toString).collect(Collectors.joining(","));
                nat = access.target().map(NatTarget::toString).orElse(nat);
                timeout = access.timeoutSeconds();
            }
        }
        out.println("SPA Field Values:");
        out.println("=================");
        line("Random Value", message.random());
        line("Username", message.user());
        line("Timestamp", message.timeSeconds());
        line("FKO Version", message.version());
        line("Message Type", message.type().number() + " (" + words(message.type()) + ")");
        line("Message String", text);
        line("Nat Access", nat);
        line("Server Auth", "<NULL>");
        line("Client Timeout", timeout.orElse(0));
        line("Digest Type", name(message.digest()));
        line("HMAC Type", packet.hmac().map(FwknopReport::name).orElse("None"));
        line("Encryption Type", packet.mode().isPresent() ? "Rijndael" : "GPG");
        line("Encryption Mode", packet.mode().map(EncryptionMode::text).orElse("Asymmetric"));
        line("Final SPA Data", packet.text());
        out.println();
    }

    void route(Route route) {
        out.println("Generating SPA packet:");
        line("protocol", route.carrier().name().toLowerCase(Locale.ROOT));
        line("source port", route.sourcePort() == 0 ? "<OS assigned>" : route.sourcePort());
        line("destination port", route.port());
        line("IP/host", route.host());
    }

    private void line(String name, Object value) {
        out.println(String.format(Locale.ROOT, "%15s: %s", name, value));
    }

    private static String name(DigestType type) {
        return type.text().toUpperCase(Locale.ROOT);
    }

    private static String words(MessageType type) {
        return switch (type) {
            case COMMAND -> "Command msg";
            case ACCESS -> "Access msg";
            case NAT_ACCESS -> "NAT access msg";
            case ACCESS_TIMEOUT -> "Client timeout access msg";
            case NAT_ACCESS_TIMEOUT -> "Client timeout NAT access msg";
            case LOCAL_NAT -> "Local NAT access msg";
            case LOCAL_NAT_TIMEOUT -> "Client timeout local NAT access msg";
        };
    }
}
