package tirl.cli;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/**
 * What can come after the word {@code tirl}, in the order of the help text. Looking at the options of every command costs
 * more than most commands do, so only the one that was named is looked at.
 */
final class Subcommands {
    private Subcommands() {}

    static SequencedMap<String, Class<?>> all() {
        SequencedMap<String, Class<?>> all = new LinkedHashMap<>();
        all.put("init", InitCommand.class);
        all.put("serve", ServeCommand.class);
        all.put("check", CheckCommand.class);
        all.put("compile", CompileCommand.class);
        all.put("knock", KnockCommand.class);
        all.put("join", JoinCommand.class);
        all.put("open", OpenCommand.class);
        all.put("close", CloseCommand.class);
        all.put("ssh", SshCommand.class);
        all.put("proxy", ProxyCommand.class);
        all.put("keep", KeepCommand.class);
        all.put("rotate", RotateCommand.class);
        all.put("status", StatusCommand.class);
        all.put("doctor", DoctorCommand.class);
        all.put("leases", LeasesCommand.class);
        all.put("watch", WatchCommand.class);
        all.put("grant", GrantCommand.class);
        all.put("revoke", RevokeCommand.class);
        all.put("invite", InviteCommand.class);
        all.put("devices", DevicesCommand.class);
        all.put("reload", ReloadCommand.class);
        all.put("try", TryCommand.class);
        all.put("confirm", ConfirmCommand.class);
        all.put("rollback", RollbackCommand.class);
        all.put("stop", StopCommand.class);
        all.put("knockd", KnockdCommand.class);
        all.put("fwknop", FwknopCommand.class);
        all.put("import", ImportCommand.class);
        all.put("uninstall", UninstallCommand.class);
        all.put("help", HelpCommand.class);
        return all;
    }

    /** Adds the command that the first word names; when there is no such word, all that can be meant. */
    static void add(CommandLine line, String... args) {
        String first = args.length == 0 ? "" : args[0];
        if (first.equals("--version")) {
            return;
        }
        SequencedMap<String, Class<?>> all = all();
        Class<?> named = all.get(first);
        if (named == null || named == HelpCommand.class) {
            all.forEach((name, command) -> add(line, name, command));
        } else {
            add(line, first, named);
        }
    }

    private static void add(CommandLine line, String name, Class<?> command) {
        try {
            Object made = CommandLine.defaultFactory().create(command);
            if (made instanceof Declared declared) {
                line.addSubcommand(name, declared.declare());
            } else {
                CommandLine annotated = new CommandLine(made);
                SharedOptions.join(annotated);
                line.addSubcommand(name, annotated);
            }
        } catch (Exception e) {
            throw new IllegalStateException("the command " + name + " cannot be made", e);
        }
    }
}
