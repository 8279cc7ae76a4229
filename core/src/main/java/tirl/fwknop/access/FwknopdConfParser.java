package tirl.fwknop.access;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tirl.packet.Address;

/** Reads fwknopd.conf as fwknopd 2.6 does. Nothing in it is silently ignored. */
public final class FwknopdConfParser {
    private static final Set<String> FACILITIES = Set.of(
            "LOG_DAEMON",
            "LOG_LOCAL0",
            "LOG_LOCAL1",
            "LOG_LOCAL2",
            "LOG_LOCAL3",
            "LOG_LOCAL4",
            "LOG_LOCAL5",
            "LOG_LOCAL6",
            "LOG_LOCAL7");

    private final String file;
    private final Map<FwknopdVariable, String> values;
    private final List<Finding> findings = new ArrayList<>();

    private FwknopdConfParser(String file, Map<FwknopdVariable, String> before) {
        this.file = file;
        values = before;
    }

    /**
     * What a file says.
     *
     * @param findings of which errors mean that it cannot be used
     */
    public record Result(FwknopdConf conf, List<Finding> findings) {
        public Result {
            findings = List.copyOf(findings);
        }

        public boolean isUsable() {
            return findings.stream().noneMatch(Finding::isError);
        }
    }

    /** Reads a file; never throws for what is in it. */
    public static Result parse(String file, byte[] content) {
        FwknopdConfParser parser = new FwknopdConfParser(file, new EnumMap<>(FwknopdVariable.class));
        ConfLine.read(content).forEach(parser::line);
        return new Result(new FwknopdConf(parser.values), parser.findings);
    }

    private void line(ConfLine line) {
        String value = line.trimmed();
        Optional<FwknopdVariable> variable = FwknopdVariable.named(line.name());
        if (variable.isEmpty()) {
            warn(line, unknown(line.name()));
        } else if (value.isEmpty()) {
            warn(line, line.name() + " has no value, so it counts as not given");
        } else {
            expanded(line, value).ifPresent(text -> take(line, variable.get(), text));
        }
    }

    private static String unknown(String name) {
        if (name.endsWith(":")
                && FwknopdVariable.named(name.substring(0, name.length() - 1)).isPresent()) {
            return "fwknopd ignores this line because of the colon; write " + name.substring(0, name.length() - 1);
        }
        return Foreign.inFwknopdConf(name)
                .map(why -> name + " is not applicable: " + why)
                .orElseGet(() -> name + " is no variable of fwknopd.conf, so it is ignored");
    }

    /** {@code $NAME} at the beginning stands for the value of another variable. */
    private Optional<String> expanded(ConfLine line, String value) {
        if (!value.startsWith("$")) {
            return Optional.of(value);
        }
        int end = 1;
        while (end < value.length() && (Character.isLetterOrDigit(value.charAt(end)) || value.charAt(end) == '_')) {
            end++;
        }
        String name = value.substring(1, end);
        Optional<String> other = FwknopdVariable.named(name)
                .map(variable -> values.getOrDefault(variable, variable.standard()))
                .filter(text -> !text.isEmpty());
        if (other.isEmpty()) {
            warn(line, "there is no value of $" + name + ", so " + line.name() + " counts as not given");
            return Optional.empty();
        }
        return Optional.of(other.get() + value.substring(end));
    }

    private void take(ConfLine line, FwknopdVariable variable, String value) {
        switch (variable.kind()) {
            case FLAG -> {
                if (!Values.isPlainFlag(value)) {
                    warn(line, "\"" + value + "\" is read as " + (Values.flag(value) ? "Y" : "N") + "; write Y or N");
                }
            }
            case NUMBER -> {
                long number = Values.number(value);
                if (number < variable.least() || number > variable.most()) {
                    error(
                            line,
                            variable + " goes from " + variable.least() + " to " + variable.most() + ", not \"" + value
                                    + "\"");
                    return;
                }
                if (!Values.isPlainNumber(value)) {
                    warn(line, "\"" + value + "\" is read as " + number);
                }
            }
            case TEXT -> {
                if (!isSound(line, variable, value)) {
                    return;
                }
            }
        }
        values.put(variable, value);
        remarks(line, variable, value);
    }

    private boolean isSound(ConfLine line, FwknopdVariable variable, String value) {
        if (variable == FwknopdVariable.SYSLOG_FACILITY && !FACILITIES.contains(value)) {
            error(line, "\"" + value + "\" is no facility; write LOG_DAEMON or LOG_LOCAL0 to LOG_LOCAL7");
            return false;
        }
        if (variable == FwknopdVariable.SNAT_TRANSLATE_IP
                && Address.parse(value).filter(Address::isIpv4).isEmpty()) {
            error(line, "\"" + value + "\" is no address; write one of this host's, such as 192.0.2.1");
            return false;
        }
        return true;
    }

    private void remarks(ConfLine line, FwknopdVariable variable, String value) {
        boolean on = Values.flag(value);
        switch (variable) {
            case ENABLE_X_FORWARDED_FOR -> {
                if (on) {
                    warn(
                            line,
                            "anybody can write an X-Forwarded-For header: it is believed from proxies on this host only");
                }
            }
            case ENABLE_DIGEST_PERSISTENCE -> {
                if (!on) {
                    warn(line, "without it fwknopd takes every packet twice; tirl never does, whatever this says");
                }
            }
            case ENABLE_SPA_PACKET_AGING -> {
                if (!on) {
                    warn(line, "packets are good for ever, so the store of those already used grows for ever");
                }
            }
            default -> {}
        }
    }

    private void warn(ConfLine line, String message) {
        findings.add(Finding.warning(file, line.line(), message));
    }

    private void error(ConfLine line, String message) {
        findings.add(Finding.error(file, line.line(), message));
    }
}
