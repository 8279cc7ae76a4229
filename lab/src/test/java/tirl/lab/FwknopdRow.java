package tirl.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.client.fwknop.Route;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;
import tirl.fwknop.DigestType;
import tirl.fwknop.MessageType;

/** One combination, and what fwknopd is to do for it. Each asks for an address of its own. */
record FwknopdRow(int number, FwknopdStanza stanza, DigestType digest, MessageType type, Route.Carrier carrier) {
    private static final int SECONDS = 2000;
    /** More than a run takes, and less than the difference to the stanza's time. */
    private static final int SLACK = 900;

    private static final int PORT = 2201;
    private static final int OUTSIDE = 8080;
    private static final String BEHIND = "10.9.9.9";
    private static final Pattern END = Pattern.compile("_exp_(\\d+)");

    String address() {
        return "10." + (100 + number / 250) + ".3." + (1 + number % 250);
    }

    Values values(String server) {
        Values values = new Values();
        values.set(Variable.SPA_SERVER, server);
        values.set(Variable.SPA_SERVER_PROTO, carrier.name().toLowerCase(Locale.ROOT));
        values.set(Variable.DIGEST_TYPE, digest.text());
        values.set(Variable.ACCESS, "tcp/" + PORT);
        if (hasTimeout()) {
            values.set(Variable.FW_TIMEOUT, Integer.toString(SECONDS));
        }
        if (hasNat()) {
            values.set(Variable.NAT_PORT, Integer.toString(OUTSIDE));
            if (isLocalNat()) {
                values.set(Variable.NAT_LOCAL, "Y");
            } else {
                values.set(Variable.NAT_ACCESS, BEHIND + ":" + PORT);
            }
        }
        return values.over(stanza.values());
    }

    private boolean hasTimeout() {
        return switch (type) {
            case ACCESS_TIMEOUT, NAT_ACCESS_TIMEOUT, LOCAL_NAT_TIMEOUT -> true;
            case COMMAND, ACCESS, NAT_ACCESS, LOCAL_NAT -> false;
        };
    }

    private boolean isLocalNat() {
        return type == MessageType.LOCAL_NAT || type == MessageType.LOCAL_NAT_TIMEOUT;
    }

    private boolean hasNat() {
        return isLocalNat() || type == MessageType.NAT_ACCESS || type == MessageType.NAT_ACCESS_TIMEOUT;
    }

    Optional<String> command(Path folder) {
        return type == MessageType.COMMAND ? Optional.of("touch " + file(folder)) : Optional.empty();
    }

    private Path file(Path folder) {
        return folder.resolve("ran" + number);
    }

    /** Whether it has happened. */
    boolean isDone(String rules, String server, Path folder) {
        return switch (type) {
            case COMMAND -> Files.exists(file(folder));
            case ACCESS, ACCESS_TIMEOUT -> has(rules, "INPUT", PORT, "ACCEPT");
            case LOCAL_NAT, LOCAL_NAT_TIMEOUT ->
                has(rules, "INPUT", PORT, "ACCEPT") && has(rules, "PREROUTING", OUTSIDE, dnat(server));
            case NAT_ACCESS, NAT_ACCESS_TIMEOUT ->
                has(rules, "FORWARD", PORT, "ACCEPT") && has(rules, "PREROUTING", OUTSIDE, dnat(BEHIND));
        };
    }

    private static String dnat(String to) {
        return "DNAT --to-destination " + to + ":" + PORT;
    }

    private boolean has(String rules, String chain, int port, String verdict) {
        return rules.lines()
                .anyMatch(line -> line.startsWith("-A FWKNOP_" + chain + " -s " + address() + "/32 -p tcp ")
                        && line.contains(" --dport " + port + " ")
                        && line.endsWith(" -j " + verdict));
    }

    /** Whether its rules end when they should. */
    boolean endsInTime(String rules, long started) {
        long wanted = started + (hasTimeout() ? SECONDS : FwknopdStanza.SECONDS);
        return rules.lines()
                .filter(line -> line.contains(" " + address() + "/32 "))
                .allMatch(line -> {
                    Matcher end = END.matcher(line);
                    return end.find()
                            && Long.parseLong(end.group(1)) >= wanted
                            && Long.parseLong(end.group(1)) < wanted + SLACK;
                });
    }

    @Override
    public String toString() {
        return String.join(", ", stanza.name(), digest.text(), type.toString(), carrier.toString());
    }
}
