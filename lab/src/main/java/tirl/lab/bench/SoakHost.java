package tirl.lab.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tirl.lab.Await;
import tirl.lab.LabException;
import tirl.lab.TirlProcess;

/** One daemon that takes knocks in every way at once. */
final class SoakHost implements AutoCloseable {
    static final int LEASE_SECONDS = 20;
    static final int SPA_PORT = 62_300;

    private static final Duration GONE = Duration.ofSeconds(LEASE_SECONDS + 40);
    private static final int DEVICES = 200;

    private final Folder devices = Folder.create();
    private final Folder files = Folder.create();
    private final Stage stage;
    private final FwknopKeys keys = new FwknopKeys(20, LEASE_SECONDS);
    private final TirlProcess tirl;
    private final SpaDevices spa;

    SoakHost(Stage stage) {
        this.stage = stage;
        files.write("fwknopd.conf", "PCAP_INTF srv0;\n");
        files.write("access.conf", keys.stanzas());
        tirl = TirlProcess.start(stage.network().server(), List.of("srv0"), config());
        spa = SpaDevices.enrol(tirl, devices.path(), DEVICES, Duration.ofSeconds(LEASE_SECONDS));
    }

    private String config() {
        return Ours.door(Duration.ofSeconds(10), Duration.ofSeconds(LEASE_SECONDS))
                + "[spa]\nport = " + SPA_PORT + "\ndevices = \"" + devices.path() + "\"\n"
                + "[fwknop]\ndirectory = \"" + files.path() + "\"\n";
    }

    FwknopKeys keys() {
        return keys;
    }

    SpaDevices spa() {
        return spa;
    }

    TirlProcess tirl() {
        return tirl;
    }

    Path socket() {
        return tirl.controlSocket();
    }

    /** Dies at once and comes back. */
    void crash() {
        int _ = tirl.end("KILL");
        tirl.restart();
    }

    /** Whether in time no lease is left, neither in the daemon nor in the kernel. */
    boolean forgetsAll() {
        try {
            Await.until("no lease is left", GONE, () -> Control.counter(socket(), "leases") == 0 && elements() == 0);
            return true;
        } catch (LabException stillThere) {
            System.out.println(
                    stillThere.getMessage() + ": " + Control.ask(socket(), "leases") + ", in the kernel " + elements());
            return false;
        }
    }

    /** Live leases in the kernel. */
    long elements() {
        long count = 0;
        for (String set : List.of("open4", "open6")) {
            String listed = stage.network().server().ask("nft", "list", "set", "inet", "tirl", set);
            count += listed.split("expires", -1).length - 1L;
        }
        return count;
    }

    @Override
    public void close() {
        tirl.close();
        devices.close();
        files.close();
    }
}
