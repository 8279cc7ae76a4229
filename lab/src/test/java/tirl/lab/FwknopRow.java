package tirl.lab;

import java.util.List;
import java.util.Optional;

/**
 * One kind of packet of the real client, by a stanza, and what has to come of it. Its address and its port are of no other row.
 *
 * @param folder where its command leaves a mark
 */
record FwknopRow(int id, FwknopStanza stanza, String digest, Kind kind, Carrier carrier, String folder) {
    private static final int FIRST_PORT = 10_000;
    private static final int FIRST_TIMEOUT = 1_000;
    private static final String MACHINE = "10.9.9.9";

    /** What is asked for. */
    enum Kind {
        ACCESS,
        ACCESS_TIMEOUT,
        NAT,
        NAT_TIMEOUT,
        LOCAL_NAT,
        LOCAL_NAT_TIMEOUT,
        COMMAND;

        boolean hasTimeout() {
            return this == ACCESS_TIMEOUT || this == NAT_TIMEOUT || this == LOCAL_NAT_TIMEOUT;
        }
    }

    /** How it is sent: the client's {@code -P}. */
    enum Carrier {
        UDP("udp"),
        TCP("tcp"),
        HTTP("http"),
        ICMP("icmp"),
        UDP_RAW("udpraw"),
        TCP_RAW("tcpraw");

        private final String option;

        Carrier(String option) {
            this.option = option;
        }
    }

    /** The words that the client is called with, for a shell. */
    String commandLine(String server) {
        return String.join(
                " ",
                "fwknop --no-save-args --no-rc-file -U row -p 62201 -D",
                server,
                "-P",
                carrier.option,
                "-m",
                digest,
                "-a",
                source(),
                stanza.options(),
                request(),
                kind.hasTimeout() ? "-f " + seconds() : "");
    }

    private String request() {
        return switch (kind) {
            case ACCESS, ACCESS_TIMEOUT -> "-A tcp/" + port();
            case NAT, NAT_TIMEOUT -> "-A tcp/" + port() + " -N " + MACHINE + ":80";
            case LOCAL_NAT, LOCAL_NAT_TIMEOUT -> "-A tcp/22 --nat-local --nat-port " + port();
            case COMMAND -> "-C 'mkdir " + mark() + "'";
        };
    }

    private String source() {
        return "10." + (100 + id / 62_500) + "." + id / 250 % 250 + "." + (1 + id % 250);
    }

    private int port() {
        return FIRST_PORT + id;
    }

    private int seconds() {
        return kind.hasTimeout() ? FIRST_TIMEOUT + id % 150 : FwknopStanza.SECONDS;
    }

    private String mark() {
        return folder + "/" + id;
    }

    /** The lease that it gets. */
    Optional<KernelLease> lease() {
        String label = stanza.label() + "/tcp/" + port()
                + leadsTo().map(where -> ">" + where).orElse("");
        return kind == Kind.COMMAND
                ? Optional.empty()
                : Optional.of(new KernelLease(source(), "tcp/" + port(), label, seconds()));
    }

    /** What stands beside the lease in the kernel's maps. */
    Optional<KernelNat> nat() {
        return leadsTo().map(where -> new KernelNat(source(), "tcp/" + port(), where));
    }

    private Optional<String> leadsTo() {
        return switch (kind) {
            case NAT, NAT_TIMEOUT -> Optional.of(MACHINE + ":80");
            case LOCAL_NAT, LOCAL_NAT_TIMEOUT -> Optional.of(":22");
            case ACCESS, ACCESS_TIMEOUT, COMMAND -> Optional.empty();
        };
    }

    /** The name of what its command makes in {@link #folder}. */
    Optional<String> made() {
        return kind == Kind.COMMAND ? Optional.of(Integer.toString(id)) : Optional.empty();
    }

    @Override
    public String toString() {
        return String.join(" ", List.of(stanza.toString(), digest, kind.name(), carrier.option, "-a", source()));
    }
}
