package tirl.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tirl.client.profile.ProfileException;
import tirl.daemon.doctor.Examination;
import tirl.daemon.doctor.Finding;
import tirl.daemon.doctor.Finding.Health;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Examine this host: whether a right knock would open and nothing else does, and what to do if not.",
            "It tries the guarded ports from a network namespace, without a lease and with one of a few seconds.",
            "With the NAME of a profile of tirl SPA it examines the way to that server instead: it asks, over IPv4 and "
                    + "IPv6, what a packet of this device would open, and opens nothing."
        },
        footer = {
            "",
            "Exit code 1 when something is bad; with NAME: when it would not open.",
            "",
            "Examples:",
            "  tirl doctor                  everything",
            "  tirl doctor --no-probe       without the namespace and the lease",
            "  tirl doctor --json           for a monitoring system",
            "  tirl doctor gate             from the client: would gate open, and if not, why",
        })
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Option(names = "--no-probe", description = "do not try the ports from a network namespace")
    private boolean withoutProbe;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "a profile: examine the way to its server")
    private @Nullable String profile;

    private final ProfileOptions profileOptions = new ProfileOptions();

    private final SpaOptions spaOptions = new SpaOptions();

    @Override
    public Integer call() throws ProfileException, IOException {
        if (profile != null) {
            return new ProfileDoctor(output, profileOptions, spaOptions).examine(profile);
        }
        Path file = control.file();
        List<Finding> findings = new Examination(file, control.socket(), !withoutProbe).findings();
        output.print(findings.stream().map(DoctorCommand::fields).toList(), _ -> findings.forEach(this::show));
        return findings.stream().anyMatch(finding -> finding.health() == Health.BAD) ? 1 : 0;
    }

    private void show(Finding finding) {
        output.line("%-8s  %-13s  %s", word(finding.health()), finding.check(), finding.text());
        if (!finding.remedy().isEmpty()) {
            output.line("%-8s  %-13s  -> %s", "", "", finding.remedy());
        }
    }

    private static Map<String, Object> fields(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("health", finding.health().name().toLowerCase(Locale.ROOT));
        fields.put("check", finding.check());
        fields.put("text", finding.text());
        fields.put("remedy", finding.remedy());
        return fields;
    }

    private static String word(Health health) {
        return switch (health) {
            case GOOD -> "good";
            case DOUBTFUL -> "doubtful";
            case BAD -> "BAD";
        };
    }
}
