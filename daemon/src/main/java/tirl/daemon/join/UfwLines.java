package tirl.daemon.join;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Our lines in a file of ufw's own rules, at the head of its section {@code *filter}, where ufw's documents want such
 * rules. All other octets of the file stay as they are.
 *
 * @param rule one rule or more, a line each, in the notation of iptables-restore
 */
record UfwLines(Path file, String rule) {
    private static final String BEGIN = "# tirl: `tirl uninstall` takes this and the lines down to \"tirl end\" away";
    private static final String END = "# tirl end";

    boolean areIn() throws JoinException {
        return String.join("\n", lines()).contains(block());
    }

    /** Adds the lines, or replaces an older form of them; nothing changes when they are there. */
    void add() throws JoinException {
        if (areIn()) {
            return;
        }
        List<String> lines = without(lines());
        int head = -1;
        int filter = lines.indexOf("*filter");
        // The declarations of chains come first.
        for (int i = Math.max(filter, 0);
                filter >= 0 && i < lines.size() && !lines.get(i).equals("COMMIT");
                i++) {
            if (lines.get(i).startsWith(":")) {
                head = i + 1;
            }
        }
        if (head < 0) {
            throw new JoinException(file + " has no section *filter with chains; is it ufw's?");
        }
        if (lines.get(head).equals("# End required lines")) {
            head++;
        }
        lines.addAll(head, List.of(block().split("\n", -1)));
        write(lines);
    }

    /** Whether there was anything to take away. */
    boolean remove() throws JoinException {
        if (!Files.exists(file)) {
            return false;
        }
        List<String> before = lines();
        List<String> after = without(before);
        if (after.equals(before)) {
            return false;
        }
        write(after);
        return true;
    }

    private String block() {
        return BEGIN + "\n" + rule + "\n" + END;
    }

    private static List<String> without(List<String> lines) {
        List<String> kept = new ArrayList<>(lines);
        int begin = kept.indexOf(BEGIN);
        int end = kept.indexOf(END);
        if (begin >= 0 && end > begin) {
            kept.subList(begin, end + 1).clear();
        }
        return kept;
    }

    private List<String> lines() throws JoinException {
        try {
            // As octets, and with the empty last part that a final end of line makes.
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        } catch (IOException e) {
            throw new JoinException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Replaces the file at once, so that ufw never reads half of it, and with its owner and mode. */
    private void write(List<String> lines) throws JoinException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new JoinException(file + " is no file");
        }
        try {
            Path real = file.toRealPath();
            PosixFileAttributes old = Files.readAttributes(real, PosixFileAttributes.class);
            Path fresh = Files.createTempFile(
                    folder,
                    ".tirl",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(fresh, String.join("\n", lines), StandardCharsets.ISO_8859_1);
                Files.getFileAttributeView(fresh, PosixFileAttributeView.class).setGroup(old.group());
                Files.setOwner(fresh, old.owner());
                Files.setPosixFilePermissions(fresh, old.permissions());
                Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new JoinException(file + " cannot be written: " + e.getMessage() + "; this needs root", e);
        }
    }
}
