package tirl.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tirl.lab.Background;
import tirl.lab.LabException;
import tirl.lab.Namespace;

/** Debian's knockd and fwknopd, as their packages would run them. */
final class Peers {
    static final String KNOCKD = "knockd";
    static final String FWKNOPD_PCAP = "fwknopd";
    static final String FWKNOPD_UDP = "fwknopd, UDP server";

    /** With many stanzas it reads for a while. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final long FINE_NS = 300_000;

    private Peers() {}

    /** knockd's file: a door of three SYNs; the rule goes before its address comes again. */
    static String knockdConf(int withinSeconds) {
        return """
                [ssh]
                sequence = 7000,8000,9000
                seq_timeout = %d
                tcpflags = syn
                start_command = iptables -w -I INPUT -s %%IP%% -p tcp --dport 22 -j ACCEPT
                cmd_timeout = 60
                stop_command = iptables -w -D INPUT -s %%IP%% -p tcp --dport 22 -j ACCEPT
                """.formatted(withinSeconds);
    }

    static Gate knockd(Stage stage, int withinSeconds) {
        Folder folder = Folder.create();
        String conf = folder.write("knockd.conf", knockdConf(withinSeconds)).toString();
        Background daemon = stage.shut().network().server().start("knockd", "-i", "srv0", "-c", conf, "-v");
        return ready(Gate.of(KNOCKD, daemon, folder), () -> daemon.out().contains("listening"));
    }

    static Gate fwknopd(Stage stage, boolean udpServer, FwknopKeys keys) {
        return fwknopd(stage, udpServer, keys, "");
    }

    /** One that has taken packets before; {@code digests} is its file of them. */
    static Gate fwknopd(Stage stage, boolean udpServer, FwknopKeys keys, String digests) {
        Folder folder = Folder.create();
        folder.write("digest.cache", digests);
        String conf = folder.write("fwknopd.conf", "PCAP_INTF srv0;\n").toString();
        String access = folder.write("access.conf", keys.stanzas()).toString();
        Namespace server = stage.shut().network().server();
        List<String> words =
                new ArrayList<>(List.of("fwknopd", "-f", "-c", conf, "-a", access, "-r", folder.at("."), "-i", "srv0"));
        if (udpServer) {
            words.add("-U");
        }
        Background daemon = server.start(words.toArray(String[]::new));
        String ready = udpServer ? "UDP server" : "Starting fwknopd main event loop";
        return ready(
                Gate.of(udpServer ? FWKNOPD_UDP : FWKNOPD_PCAP, daemon, folder),
                () -> (daemon.out() + daemon.err()).contains(ready));
    }

    static Gate ready(Gate gate, BooleanSupplier sign) {
        long began = System.nanoTime();
        try {
            // Finer than other waiting: how long it takes is a figure too.
            while (!sign.getAsBoolean()) {
                if (System.nanoTime() - began > START.toNanos()
                        || !gate.process().get().isAlive()) {
                    throw new LabException(gate.name() + " did not get ready; it says:\n"
                            + gate.log().get());
                }
                LockSupport.parkNanos(FINE_NS);
            }
            return gate;
        } catch (RuntimeException e) {
            gate.close();
            throw e;
        }
    }

    /** How many addresses fwknopd or knockd let in now, by its firewall. */
    static long rules(Stage stage) {
        return Arrays.stream(stage.network().server().ask("iptables-save").split("\n", -1))
                .filter(line -> line.startsWith("-A") && line.contains("-s ") && line.contains("ACCEPT"))
                .count();
    }
}
