package tirl.ruleset;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tirl.config.Config.PortRange;
import tirl.config.Notation;
import tirl.door.Service;
import tirl.door.ServicePort;

/**
 * What a trial adds to the rules under it. All of it hangs on set elements with a timeout: when that is over, the kernel
 * by itself is back at the rules under it.
 *
 * @param guarded ports that are guarded on trial only
 * @param cut ports whose connections are cut on trial only
 * @param uncut ports whose connections are cut, but not on trial
 * @param services those of the trial when it forwards differently
 * @param silent UDP ports that are silent on trial only
 * @param left empty without a trial
 */
record TrialRules(
        SortedSet<ServicePort> guarded,
        SortedSet<ServicePort> cut,
        SortedSet<ServicePort> uncut,
        Optional<List<Service>> services,
        List<PortRange> silent,
        Optional<Duration> left) {
    static final TrialRules NONE = new TrialRules(
            new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), Optional.empty(), List.of(), Optional.empty());

    static TrialRules of(GuardRuleset confirmed, GuardRuleset next, Duration left) {
        return new TrialRules(
                without(next.guarded(), confirmed.guarded()),
                without(next.cut(), confirmed.cut()),
                without(confirmed.cut(), next.cut()),
                forwards(confirmed).equals(forwards(next)) ? Optional.empty() : Optional.of(next.services()),
                next.silent().stream()
                        .filter(ports -> !confirmed.silent().contains(ports))
                        .toList(),
                Optional.of(left));
    }

    /** Names and cut do not matter here. */
    private static List<Service> forwards(GuardRuleset ruleset) {
        return ruleset.services().stream()
                .filter(service -> !service.forwards().isEmpty())
                .map(service -> new Service("", service.ports(), false, service.forwards(), service.masquerade()))
                .toList();
    }

    private static SortedSet<ServicePort> without(Collection<ServicePort> ports, Collection<ServicePort> others) {
        return ports.stream().filter(port -> !others.contains(port)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The set that says whether a trial lasts, which is there and empty without one too; and the ports guarded by it. */
    String declared() {
        String set = """
                add set inet tirl trial { type inet_proto; flags timeout; }
                flush set inet tirl trial
                """;
        return set
                + elements("trial", left.isPresent() ? List.of("tcp", "udp") : List.of())
                + elements("guarded", names(guarded));
    }

    /** Those that are guarded on trial or without. */
    Collection<ServicePort> guardedToo(Collection<ServicePort> confirmed) {
        SortedSet<ServicePort> all = new TreeSet<>(confirmed);
        all.addAll(guarded);
        return all;
    }

    String cutElements() {
        return elements("cut", names(cut));
    }

    /** Those that are cut on trial and without. */
    Collection<ServicePort> stillCut(Collection<ServicePort> confirmed) {
        return without(confirmed, uncut);
    }

    /** The condition under which the others are. */
    List<String> cutWithout() {
        return uncut.isEmpty()
                ? List.of()
                : List.of("meta l4proto != @trial meta l4proto . th dport { " + String.join(", ", names(uncut)) + " }");
    }

    private static List<String> names(Collection<ServicePort> ports) {
        return ports.stream().map(GuardRuleset::element).toList();
    }

    private String elements(String set, List<String> elements) {
        if (elements.isEmpty() || left.isEmpty()) {
            return "";
        }
        String timeout = " timeout " + Notation.write(left.get());
        return elements.stream()
                .map(element -> element + timeout)
                .collect(Collectors.joining(", ", "add element inet tirl " + set + " { ", " }\n"));
    }
}
