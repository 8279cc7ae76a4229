package tirl.fwknop.access;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads access.conf as fwknopd 2.6 does. Nothing in it is silently ignored. */
public final class AccessParser {
    private final FwknopdConf conf;
    private final Inclusions inclusions;
    private final ZoneId zone;
    private final List<StanzaDraft> drafts = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    private AccessParser(FwknopdConf conf, Inclusions inclusions, ZoneId zone) {
        this.conf = conf;
        this.inclusions = inclusions;
        this.zone = zone;
    }

    /**
     * What the files say.
     *
     * @param stanzas those without errors, in the order in which they are tried
     * @param findings of which errors mean that the files cannot be used
     */
    public record Result(List<Stanza> stanzas, List<Finding> findings) {
        public Result {
            stanzas = List.copyOf(stanzas);
            findings = List.copyOf(findings);
        }

        public boolean isUsable() {
            return findings.stream().noneMatch(Finding::isError);
        }
    }

    /**
     * Reads access.conf and what it includes; never throws for what is in it.
     *
     * @param zone of the dates in it
     */
    public static Result parse(AccessFile root, FwknopdConf conf, Inclusions inclusions, ZoneId zone) {
        AccessParser parser = new AccessParser(conf, inclusions, zone);
        parser.file(root, 0);
        if (parser.drafts.isEmpty()) {
            parser.findings.add(Finding.error(
                    root.name(),
                    0,
                    "there is no stanza; begin one with SOURCE ANY and give it KEY_BASE64 and HMAC_KEY_BASE64"));
        }
        List<Stanza> stanzas = new ArrayList<>();
        for (StanzaDraft draft : parser.drafts) {
            draft.finish(parser.findings).ifPresent(stanzas::add);
        }
        return new Result(stanzas, parser.findings);
    }

    /** A file's settings belong to its own latest SOURCE, also those after another file was included. */
    private void file(AccessFile file, int depth) {
        Optional<StanzaDraft> current = Optional.empty();
        for (ConfLine line : file.lines()) {
            String name = line.variable();
            Optional<Include> include = Include.of(line);
            if (line.value().isBlank()) {
                findings.add(Finding.error(
                        file.name(),
                        line.line(),
                        name + " has no value; give it one or delete the line" + known(name)));
                if (name.equals("SOURCE")) {
                    current = Optional.empty();
                }
            } else if (include.isPresent()) {
                include(file, line, include.get(), current, depth);
            } else if (name.equals("SOURCE")) {
                StanzaDraft draft = new StanzaDraft(file.name(), line, conf, zone);
                drafts.add(draft);
                current = Optional.of(draft);
            } else if (current.isEmpty()) {
                findings.add(Finding.warning(
                        file.name(), line.line(), name + " stands before the first SOURCE, so it is ignored"));
            } else if (!current.get().setting(file.name(), line, name, findings)) {
                findings.add(Finding.warning(file.name(), line.line(), unknown(name)));
            }
        }
    }

    private static String unknown(String name) {
        return Foreign.inAccessConf(name)
                .map(why -> name + " is not applicable: " + why)
                .orElseGet(() -> name + " is no variable of access.conf, so it is ignored");
    }

    private static String known(String name) {
        return Foreign.inAccessConf(name).map(why -> ": " + why).orElse("");
    }

    private void include(AccessFile file, ConfLine line, Include include, Optional<StanzaDraft> current, int depth) {
        if (depth >= Include.DEEPEST) {
            findings.add(Finding.error(
                    file.name(), line.line(), "files include each other more than " + Include.DEEPEST + " deep"));
            return;
        }
        switch (inclusions.find(include)) {
            case Inclusions.Found.Missing(String why) -> findings.add(Finding.error(file.name(), line.line(), why));
            case Inclusions.Found.Files(List<AccessFile> files) -> {
                if (include.kind() == Include.Kind.KEYS) {
                    files.forEach(keys -> keys(file, line, keys, current));
                } else {
                    files.forEach(included -> file(included, depth + 1));
                }
            }
        }
    }

    private void keys(AccessFile file, ConfLine line, AccessFile keys, Optional<StanzaDraft> stanza) {
        if (stanza.isEmpty()) {
            findings.add(Finding.warning(file.name(), line.line(), "keys before the first SOURCE are ignored"));
            return;
        }
        for (ConfLine key : keys.lines()) {
            String name = key.variable();
            if (key.value().isBlank()) {
                findings.add(Finding.error(keys.name(), key.line(), name + " has no value"));
            } else if (!StanzaDraft.isKey(name) || !stanza.get().setting(keys.name(), key, name, findings)) {
                findings.add(Finding.warning(keys.name(), key.line(), name + " is no key, so it is ignored here"));
            }
        }
    }
}
