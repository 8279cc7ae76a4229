package tirl.ruleset;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
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

    /**
     * Those on trial take the place of the others while the trial lasts; the kernel itself looks whether it does.
     *
     * @param breakGlass ports that break-glass opens
     */
    static String rules(List<Service> services, TrialRules trial, Collection<ServicePort> breakGlass) {
        List<Service> forwarded = forwarded(services);
        List<Service> tried = forwarded(trial.services().orElse(List.of()));
        List<Service> either = Stream.concat(forwarded.stream(), tried.stream()).toList();
        StringBuilder text = new StringBuilder("""
                add chain inet tirl forwards
                add chain inet tirl masquerades
                add chain inet tirl trial_forwards
                add chain inet tirl trial_masquerades
                flush chain inet tirl forwards
                flush chain inet tirl masquerades
                flush chain inet tirl trial_forwards
                flush chain inet tirl trial_masquerades
                """);
        if (!either.isEmpty()) {
            text.append(hook("dstnat", "prerouting", "forwards"));
        }
        if (either.stream().anyMatch(Service::masquerade)) {
            text.append(hook("srcnat", "postrouting", "masquerades"));
        }
        if (trial.services().isPresent()) {
            text.append("""
                    add rule inet tirl forwards meta l4proto @trial goto trial_forwards
                    add rule inet tirl masquerades meta l4proto @trial goto trial_masquerades
                    """);
        }
        forwarded.forEach(service -> translate(service, "", breakGlass, text));
        tried.forEach(service -> translate(service, "trial_", breakGlass, text));
        return text.toString();
    }

    private static List<Service> forwarded(List<Service> services) {
        return services.stream()
                .filter(service -> !service.forwards().isEmpty())
                .toList();
    }

    /** @param prefix of the names of the chains */
    private static void translate(
            Service service, String prefix, Collection<ServicePort> breakGlass, StringBuilder text) {
        boolean opened = breakGlass.contains(service.ports().getFirst());
        service.forwards().forEach(forward -> text.append(translate(service, forward, prefix, opened)));
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
    private static String translate(Service service, Forward forward, String prefix, boolean breakGlass) {
        ServicePort port = service.ports().getFirst();
        String protocol = port.toString().substring(0, port.toString().indexOf('/'));
        String family = forward.target().isIpv4() ? "ip" : "ip6";
        String leases = forward.target().isIpv4() ? GuardRuleset.LEASES_IPV4 : GuardRuleset.LEASES_IPV6;
        String head = "add rule inet tirl " + prefix + "forwards fib daddr type local " + family + " saddr ";
        String tail = " " + protocol + " dport " + port.port() + " dnat " + family + " to " + forward + "\n";
        String rule = head + ". meta l4proto . th dport @" + leases + tail;
        if (breakGlass) {
            rule += head + "@" + BreakGlassRuleset.OPEN.get(forward.target().isIpv4() ? 0 : 1) + tail;
        }
        if (service.masquerade()) {
            rule += "add rule inet tirl " + prefix + "masquerades ct status dnat meta l4proto " + protocol
                    + " ct original proto-dst " + port.port() + " " + family + " daddr " + forward.target() + " "
                    + protocol + " dport " + forward.port() + " masquerade\n";
        }
        return rule;
    }
}
