package tirl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tirl.client.fwknop.FwknopException;
import tirl.client.fwknop.RcFile;
import tirl.client.fwknop.RcText;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;

/** The rc file of fwknop's client, and its options. */
final class FwknopRc {
    @Option(
            names = {"-n", "--named-config"},
            paramLabel = "NAME",
            description = "use this stanza of the rc file")
    private @Nullable String name;

    @Option(names = "--rc-file", paramLabel = "FILE", description = "default: ~/.fwknoprc")
    private @Nullable Path file;

    @Option(names = "--no-rc-file", description = "read no rc file")
    private boolean none;

    @Option(names = "--no-home-dir", description = "look for nothing in the home directory")
    private boolean noHome;

    @Option(
            names = "--save-rc-stanza",
            description = "write the options into the stanza of -n, or of the server's name")
    private boolean save;

    @Option(names = "--force-stanza", description = "also when there is one of this name")
    private boolean force;

    @Option(names = "--stanza-list", description = "list the stanzas, and end")
    private boolean list;

    boolean isList() {
        return list;
    }

    boolean isSave() {
        return save;
    }

    boolean isForceWithoutSave() {
        return force && !save;
    }

    Optional<Path> path() {
        if (file != null) {
            return Optional.of(file);
        }
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home", ""));
        return none || noHome || home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home, ".fwknoprc"));
    }

    /** What the file says, for the stanza that was named and for all. A file that is not there says nothing. */
    Values read(PrintWriter err) throws IOException, FwknopException {
        Optional<Path> path = path();
        if (none || path.isEmpty()) {
            if (name != null) {
                throw new FwknopException("-n names a stanza of the rc file, and none is to be read");
            }
            return new Values();
        }
        RcText text = text(path.get());
        if (Files.exists(path.get()) && RcFile.isExposed(path.get())) {
            err.println("warning: " + path.get() + " may be read by others, keys and all; chmod 600 " + path.get());
        }
        text.warnings().forEach(warning -> err.println("warning: " + path.get() + " " + warning));
        Values general = text.stanza(RcText.DEFAULT).orElseGet(Values::new);
        // One that is to be written does not count: what the command line says takes its place.
        if (name == null || save) {
            return general;
        }
        Values stanza = text.stanza(name)
                .orElseThrow(() -> new FwknopException("there is no stanza [" + name + "] in " + path.get()));
        return stanza.over(general);
    }

    void list(PrintWriter out) throws IOException, FwknopException {
        Path path = path().orElseThrow(() -> new FwknopException("--stanza-list needs an rc file"));
        out.println("The following stanzas are configured in " + path + " :");
        text(path).names().forEach(each -> out.println(" - " + each));
    }

    /** Writes what the command line said, before anything is sent. */
    Path save(Values said) throws IOException, FwknopException {
        Path path =
                path().filter(any -> !none).orElseThrow(() -> new FwknopException("--save-rc-stanza needs an rc file"));
        String stanza = name != null
                ? name
                : said.get(Variable.SPA_SERVER)
                        .orElseThrow(() -> new FwknopException("name the stanza to save: -n NAME"));
        for (Map.Entry<Variable, String> each : said.entries()) {
            if (!RcText.isWritable(each.getValue())) {
                throw new FwknopException("the rc file has no way to write this value of " + each.getKey()
                        + ": it ends at a blank, ; or #" + (each.getKey() == Variable.KEY ? "; use KEY_BASE64" : ""));
            }
        }
        RcText text = text(path);
        if (text.stanza(stanza).isPresent() && !force) {
            throw new FwknopException(
                    "there is a stanza [" + stanza + "] in " + path + "; --force-stanza writes over it");
        }
        RcFile.write(path, text.with(stanza, said));
        return path;
    }

    private static RcText text(Path path) throws IOException {
        return RcText.of(Files.exists(path) ? RcFile.read(path) : "");
    }
}
