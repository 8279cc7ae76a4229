package tirl.daemon;

import java.util.Collection;
import java.util.stream.Collectors;
import tirl.config.Config;
import tirl.config.Notation;
import tirl.door.Door;

/** A configuration in a few words: what is guarded, and how one gets in. */
final class Summary {
    private Summary() {}

    static String of(Config config) {
        String guarded = config.services().stream()
                .map(service -> service.ports())
                .flatMap(Collection::stream)
                .distinct()
                .map(Object::toString)
                .collect(Collectors.joining(", "));
        String doors = config.doors().stream().map(Door::name).collect(Collectors.joining(", "));
        return "guarding " + (guarded.isEmpty() ? "nothing" : guarded) + "; doors: "
                + (doors.isEmpty() ? "none" : doors)
                + config.spa().map(spa -> "; SPA on " + place(spa)).orElse("")
                + config.fwknop()
                        .map(fwknop -> "; fwknop's clients by " + fwknop.directory())
                        .orElse("")
                + "; listening on "
                + String.join(", ", config.interfaces())
                + config.breakGlass()
                        .map(glass ->
                                "; break-glass works " + Notation.write(glass.after()) + " after the daemon fails")
                        .orElse("");
    }

    private static String place(Config.Spa spa) {
        return "udp/" + Notation.write(spa.ports()) + (spa.icmp() ? " and icmp/echo" : "");
    }
}
