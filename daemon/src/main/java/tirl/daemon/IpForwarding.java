package tirl.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tirl.config.Config;
import tirl.config.Config.FwknopNat;
import tirl.door.Forward;

/** Whether the kernel passes packets on at all. tirl does not switch that on: it makes a router of the host. */
final class IpForwarding {
    private static final String IPV4 = "net.ipv4.ip_forward";
    private static final String IPV6 = "net.ipv6.conf.all.forwarding";

    private IpForwarding() {}

    /** What to tell about forwards that cannot work: at most one line. */
    static List<String> missing(Config config) {
        return missing(config, Path.of("/proc/sys"));
    }

    static List<String> missing(Config config, Path settings) {
        List<String> off = new ArrayList<>();
        for (boolean ipv4 : List.of(true, false)) {
            String setting = ipv4 ? IPV4 : IPV6;
            if (wants(config, ipv4) && isOff(settings.resolve(setting.replace('.', '/')))) {
                off.add(setting + "=1");
            }
        }
        return off.isEmpty()
                ? List.of()
                : List.of(
                        "the kernel forwards no packets, so services with \"forward\" and NAT for fwknop's clients do not"
                                + " answer; switch it on with `sysctl -w " + String.join(" ", off) + "`");
    }

    private static boolean wants(Config config, boolean ipv4) {
        boolean clients = config.fwknop().map(Config.Fwknop::nat).orElse(FwknopNat.NONE) == FwknopNat.FORWARD;
        if (ipv4 && clients) {
            return true;
        }
        return config.services().stream()
                .flatMap(service -> service.forwards().stream())
                .map(Forward::target)
                .anyMatch(target -> target.isIpv4() == ipv4);
    }

    private static boolean isOff(Path setting) {
        try {
            return Files.readString(setting).strip().equals("0");
        } catch (IOException noSuchFamily) {
            return true;
        }
    }
}
