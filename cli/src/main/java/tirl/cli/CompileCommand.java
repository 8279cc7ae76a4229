package tirl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.daemon.config.ConfigReader;
import tirl.daemon.config.ConfigResult;
import tirl.door.ServicePort;
import tirl.ruleset.compile.CompileException;
import tirl.ruleset.compile.SequenceCompiler;

@Command(
        name = "compile",
        mixinStandardHelpOptions = true,
        description = "Turn the sequence doors of a configuration into kernel rules that need no daemon.",
        footer = {
            "",
            "The rules go to standard output or to -o; how to load and remove them stands in them.",
            "",
            "Exit codes: 0 done, with --diff: the same is loaded, 1 failed, 2 wrong usage, 3 with --diff: something",
            "else or nothing is loaded.",
            "",
            "Example: tirl compile --to nft -c /etc/tirl/tirl.toml -o /etc/tirl/doors.nft",
        })
final class CompileCommand implements Callable<Integer> {
    private static final int DIFFERENT = 3;

    @Option(names = "--to", required = true, paramLabel = "nft|iptables", description = "whose rules")
    private SequenceCompiler.Target target = SequenceCompiler.Target.NFT;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "the configuration (default: ${DEFAULT-VALUE})")
    private Path config = ConfigReader.DEFAULT_FILE;

    @Option(names = "--door", paramLabel = "NAME", description = "only this door and its services; may be repeated")
    private List<String> doors = List.of();

    @Option(
            names = "--close",
            paramLabel = "tcp/PORT",
            converter = Port.class,
            description = "a knock that shuts a door with one step again; may be repeated")
    private List<ServicePort> closes = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "write here, for the owner only; a file that is not from this command is left alone")
    private @Nullable Path output;

    @Option(names = "--diff", description = "change nothing: show how what is loaded now differs (as root)")
    private boolean diff;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** {@code tcp/31601}. */
    static final class Port implements ITypeConverter<ServicePort> {
        @Override
        public ServicePort convert(String text) {
            try {
                return Notation.port(text);
            } catch (NotationException e) {
                throw new TypeConversionException(e.problem());
            }
        }
    }

    @Override
    public Integer call() throws IOException, CompileException {
        ConfigResult result = ConfigReader.read(config);
        PrintWriter err = spec.commandLine().getErr();
        result.problems().forEach(problem -> err.println(problem.at(config.toString())));
        err.flush();
        if (result.config().isEmpty()) {
            return 1;
        }
        String rules = SequenceCompiler.compile(target, result.config().get(), doors, closes);
        if (output != null) {
            write(output, rules);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (diff) {
            List<String> difference = LineDiff.between(LoadedRules.now(target), LoadedRules.asLoaded(target, rules));
            difference.forEach(out::println);
            out.flush();
            return difference.isEmpty() ? 0 : DIFFERENT;
        }
        if (output == null) {
            out.print(rules);
            out.flush();
        }
        return 0;
    }

    /** The sequence is the secret, so the file is for the owner only from the first moment. */
    private static void write(Path target, String rules) throws IOException {
        if (Files.exists(target)
                && !Files.readString(target, StandardCharsets.ISO_8859_1).startsWith(SequenceCompiler.FIRST_WORDS)) {
            throw new IOException(target + " exists and is not from `tirl compile`; name another file or move it away");
        }
        Path whole = target.toAbsolutePath();
        Path part = Files.createTempFile(
                whole.getParent(),
                ".tirl",
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(part, rules);
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
