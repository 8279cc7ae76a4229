package tirl.lab.bench;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.lab.Background;
import tirl.lab.IptablesHost;
import tirl.lab.TirlProcess;

/** This program, in each way in which it takes knocks. */
final class Ours {
    static final String DOORS = "tirl doors";
    static final String KNOCKD = "tirl knockd mode";
    static final String SPA = "tirl SPA";
    static final String FWKNOP = "tirl fwknop mode";

    private static final String SERVICE = """
            [[service]]
            name = "ssh"
            ports = ["tcp/22"]
            """;

    private static final Duration LEASE = Duration.ofMinutes(30);

    private Ours() {}

    /** The configuration of one door of three SYNs. */
    static String door(Duration within, Duration lease) {
        return SERVICE + """
                [[door]]
                name = "ops"
                sequence = ["tcp/7000", "tcp/8000", "tcp/9000"]
                within = "%ds"
                opens = ["ssh"]
                for = "%ds"
                """.formatted(within.toSeconds(), lease.toSeconds());
    }

    static Gate doors(Stage stage, Duration within, Duration lease) {
        TirlProcess tirl = TirlProcess.start(stage.network().server(), List.of("srv0"), door(within, lease));
        return Gate.of(DOORS, tirl, Folder.create());
    }

    /** The same on a host without nftables. */
    static Gate iptables(Stage stage, boolean ipset) {
        IptablesHost host = IptablesHost.with("nft", ipset);
        String config = "firewall = \"iptables\"\n" + door(Duration.ofSeconds(10), LEASE);
        try {
            TirlProcess tirl = TirlProcess.start(stage.network().server(), List.of("srv0"), config, host.path());
            String name = DOORS + ", iptables " + (ipset ? "with ipset" : "with rules");
            return new Gate(name, tirl::handle, tirl::log, Optional.of(tirl.controlSocket()), () -> {
                tirl.close();
                host.close();
            });
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    static Gate knockd(Stage stage) {
        Folder folder = Folder.create();
        String conf = folder.write("knockd.conf", Peers.knockdConf(25)).toString();
        Background daemon = stage.shut()
                .network()
                .server()
                .start(TirlProcess.launcher(), "knockd", "-i", "srv0", "-c", conf, "-v", "--state", folder.at("state"));
        return Peers.ready(Gate.of(KNOCKD, daemon, folder), () -> daemon.out().contains("listening"));
    }

    /** A gate for SPA and its devices. */
    record Spa(Gate gate, TirlProcess tirl, SpaDevices devices) implements AutoCloseable {
        @Override
        public void close() {
            gate.close();
        }
    }

    static Spa spa(Stage stage, int devices) {
        Folder folder = Folder.create();
        TirlProcess tirl;
        try {
            tirl = TirlProcess.start(
                    stage.network().server(),
                    List.of("srv0"),
                    SERVICE + "[spa]\nport = " + SpaDevices.PORT + "\ndevices = \"" + folder.path() + "\"\n");
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
        Gate gate = Gate.of(SPA, tirl, folder);
        try {
            return new Spa(gate, tirl, SpaDevices.enrol(tirl, folder.path(), devices, LEASE));
        } catch (RuntimeException e) {
            gate.close();
            throw e;
        }
    }

    static Gate fwknop(Stage stage, FwknopKeys keys) {
        return fwknop(stage, keys, "");
    }

    /** fwknopd's files, read by ours; {@code digests} is of the packets that it has taken. */
    static Gate fwknop(Stage stage, FwknopKeys keys, String digests) {
        Folder folder = Folder.create();
        String taken = folder.write("digest.cache", digests).toString();
        folder.write("fwknopd.conf", "PCAP_INTF srv0;\nDIGEST_FILE " + taken + ";\n");
        folder.write("access.conf", keys.stanzas());
        try {
            TirlProcess tirl = TirlProcess.start(
                    stage.network().server(), List.of("srv0"), "[fwknop]\ndirectory = \"" + folder.path() + "\"\n");
            return Gate.of(FWKNOP, tirl, folder);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }
}
