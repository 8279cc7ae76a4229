package tirl.ruleset;

import java.util.List;
import tirl.door.Forward;
import tirl.door.Service;
import tirl.door.ServicePort;

/**
 * The part of the table that sends leased connections on to machines behind this host. The rules are in chains of their
 * own, which are always there and emptied by each refresh; the hooks into NAT only jump to them and come with the first
 * service that needs one. So a reload without forwards leaves no rule behind, deletes nothing ({@code TableWatch} would
 * take that for an attack), and a host without forwards has no NAT because of us.
 */
final class ForwardRules {
    private ForwardRules() {}

    static String rules(List<Service> services) {
        List<Service> forwarded = services.stream()
                .filter(service -> !service.forwards().isEmpty())
                .toList();
        StringBuilder text = new StringBuilder("""
                add chain inet tirl forwards
                add chain inet tirl masquerades
                flush chain inet tirl forwards
                flush chain inet tirl masquerades
                """);
        if (!forwarded.isEmpty()) {
            text.append(hook("dstnat", "prerouting", "forwards"));
        }
        if (forwarded.stream().anyMatch(Service::masquerade)) {
            text.append(hook("srcnat", "postrouting", "masquerades"));
        }
        for (Service service : forwarded) {
            for (Forward forward : service.forwards()) {
                text.append(translate(service, forward));
            }
        }
        return text.toString();
    }

    private static String hook(String name, String hook, String chain) {
        return """
                add chain inet tirl NAME { type nat hook HOOK priority NAME; policy accept; }
                flush chain inet tirl NAME
                add rule inet tirl NAME jump CHAIN
                """.replace("NAME", name).replace("HOOK", hook).replace("CHAIN", chain);
    }

    /**
     * The guard has dropped what has no lease before this; the condition makes sure that nothing is forwarded even
     * without it. Packets that only pass through this host keep their way: hence {@code fib}.
     */
    private static String translate(Service service, Forward forward) {
        ServicePort port = service.ports().getFirst();
        String protocol = port.toString().substring(0, port.toString().indexOf('/'));
        String family = forward.target().isIpv4() ? "ip" : "ip6";
        String leases = forward.target().isIpv4() ? GuardRuleset.LEASES_IPV4 : GuardRuleset.LEASES_IPV6;
        String rule = "add rule inet tirl forwards fib daddr type local " + family
                + " saddr . meta l4proto . th dport @" + leases + " " + protocol + " dport " + port.port() + " dnat "
                + family + " to " + forward + "\n";
        if (service.masquerade()) {
            rule += "add rule inet tirl masquerades ct status dnat meta l4proto " + protocol
                    + " ct original proto-dst " + port.port() + " " + family + " daddr " + forward.target() + " "
                    + protocol + " dport " + forward.port() + " masquerade\n";
        }
        return rule;
    }
}
