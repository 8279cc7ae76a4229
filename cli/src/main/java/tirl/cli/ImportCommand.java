package tirl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tirl.daemon.config.FwknopImport;
import tirl.importer.ImportLine;
import tirl.importer.ImportReport;
import tirl.importer.KnockdImporter;

@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Turn another program's configuration into a tirl.toml, and say what became of each line.",
        footer = {
            "",
            "The report goes to standard error, the configuration to standard output or to -o.",
            "Files of fwknop 2.x stay, and tirl reads stanzas and keys there; of 1.9 the knock",
            "sequences and the mail are converted.",
            "",
            "Examples: tirl import knockd /etc/knockd.conf -o /etc/tirl/tirl.toml",
            "          tirl import fwknop /etc/fwknop -o /etc/tirl/tirl.toml",
        })
final class ImportCommand implements Callable<Integer> {
    /** Whose configuration it is. */
    enum Program {
        KNOCKD,
        FWKNOP
    }

    @Parameters(index = "0", paramLabel = "PROGRAM", description = "knockd or fwknop")
    private Program program = Program.KNOCKD;

    @Parameters(index = "1", paramLabel = "FILE", description = "its configuration: a file, or fwknop's directory")
    private Path file = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "write here, for the owner only; an existing file is left alone")
    private @Nullable Path output;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        ImportReport report = switch (program) {
            case KNOCKD -> KnockdImporter.convert(text());
            case FWKNOP -> FwknopImport.of(file);
        };
        PrintWriter err = spec.commandLine().getErr();
        report.lines().forEach(line -> err.println(describe(line)));
        err.flush();
        if (report.toml().isEmpty()) {
            return 1;
        }
        if (output == null) {
            spec.commandLine().getOut().print(report.toml());
            spec.commandLine().getOut().flush();
        } else {
            // The sequence is the secret.
            PrivateFile.write(output, report.toml());
        }
        return 0;
    }

    private String describe(ImportLine line) {
        String fate = line.fate().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String place = line.file().isEmpty() ? file.toString() : line.file();
        return (line.line() == 0 ? place + ": " : place + ":" + line.line() + ": ") + fate + ": " + line.text();
    }

    private String text() throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        }
    }
}
