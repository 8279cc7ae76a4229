package tirl.cli;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code tirl}. Exit codes: 0 done, 1 failed, 2 wrong usage. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        LookAhead.begin(args);
        System.exit(commandLine(args).execute(args));
    }

    /** Knows the command that the first word names; all of them when there is no such word. */
    static CommandLine commandLine(String... args) {
        // No option is of these types, and to look each of them up, for each command, takes some milliseconds.
        System.setProperty("picocli.converters.excludes", "java[.](time|sql)[.].*");
        CommandLine line = new CommandLine(declare());
        Subcommands.add(line, args);
        line.setExecutionExceptionHandler(Main::explain)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(true)
                .setPosixClusteredShortOptionsAllowed(true);
        CommandLine ssh = line.getSubcommands().get("ssh");
        if (ssh != null) {
            ssh.setStopAtPositional(true);
        }
        CommandLine fwknop = line.getSubcommands().get("fwknop");
        if (fwknop != null) {
            // As getopt: the last one counts. picocli would show both values, which may be keys.
            fwknop.setOverwrittenOptionsAllowed(true);
            CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
        }
        IParameterExceptionHandler usual = line.getParameterExceptionHandler();
        line.setParameterExceptionHandler((mistake, words) -> {
            CommandLine command = mistake.getCommandLine();
            if (!command.getCommandName().equals("knockd")) {
                return usual.handleParseException(mistake, words);
            }
            // knockd shows its usage on standard output, also after a mistake.
            command.getErr().println(mistake.getMessage());
            command.usage(command.getOut());
            return command.getCommandSpec().exitCodeOnInvalidInput();
        });
        return line;
    }

    private static CommandSpec declare() {
        CommandSpec spec = Options.command(
                null,
                "tirl",
                "Keeps ports shut and opens one, for one address, for a short time, to somebody with the right knock.",
                "",
                "Exit codes: 0 done, 1 failed, 2 wrong usage.",
                "",
                "Examples:",
                "  tirl init                               look at this host's firewall, write a first file",
                "  tirl check /etc/tirl/tirl.toml          look for mistakes",
                "  tirl serve -c /etc/tirl/tirl.toml       guard this host",
                "  tirl try new.toml                       another configuration; back by itself unless confirmed",
                "  tirl invite anna-laptop --service ssh   a secret line and QR code for `tirl join`",
                "  tirl knock gate.example 7000 8000:udp   knock at another");
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        return Options.standardOptions(spec);
    }

    /** One line that says what went wrong, never a stack trace. */
    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        command.getErr().println("tirl: " + message);
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
