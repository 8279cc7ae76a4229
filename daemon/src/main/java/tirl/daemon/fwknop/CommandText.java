package tirl.daemon.fwknop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tirl.fwknop.access.CommandRules;

/**
 * A command of a client as a line for the shell, which finds one program and its arguments in it and nothing to interpret: each word
 * is quoted, and {@code exec} knows no builtins.
 */
final class CommandText {
    private CommandText() {}

    /**
     * @param sudo the program of that name
     * @param seconds after which it is ended; 0 for never
     */
    static String of(List<String> words, CommandRules rules, Optional<String> sudo, int seconds) {
        // timeout(1) takes what stands behind the time as it is, also when it begins with a dash.
        List<String> all = new ArrayList<>(List.of("timeout", "-k", "5", Integer.toString(seconds)));
        if (rules.sudo().isPresent()) {
            all.add(sudo.orElse("sudo"));
            rules.sudo().get().user().ifPresent(user -> all.addAll(List.of("-u", user)));
            rules.sudo().get().group().ifPresent(group -> all.addAll(List.of("-g", group)));
            all.add("--");
        } else if (rules.user().isPresent() || rules.group().isPresent()) {
            all.addAll(List.of("runuser", "-u", rules.user().orElse("root")));
            rules.group().ifPresent(group -> all.addAll(List.of("-g", group)));
            all.add("--");
        }
        all.addAll(words);
        return all.stream().map(CommandText::quoted).collect(Collectors.joining(" ", "exec ", ""));
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
