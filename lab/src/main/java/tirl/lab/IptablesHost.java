package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which of the iptables programs a host has: a directory that stands first in the PATH of a daemon, in which the plain
 * names mean one variant, as Debian's alternatives do for the whole host.
 */
public final class IptablesHost implements AutoCloseable {
    private static final String NO_IPSET = """
            #!/bin/sh
            echo "ipset: Kernel error received: Invalid argument" >&2
            exit 1
            """;

    private static final String NO_TIME = """
            #!/bin/sh
            text=$(cat)
            case "$text" in *datestop*) echo "Couldn't load match 'time'" >&2; exit 2;; esac
            printf '%s\\n' "$text" | /usr/sbin/xtables-nft-multi PROGRAM "$@"
            """;

    private final Path directory;

    private IptablesHost(Path directory) {
        this.directory = directory;
    }

    /**
     * A host of its own choice.
     *
     * @param variant nft or legacy
     * @param ipset whether ipset works
     */
    public static IptablesHost with(String variant, boolean ipset) {
        try {
            Path directory = Files.createTempDirectory("tl");
            Path program = Path.of("/usr/sbin/xtables-" + variant + "-multi");
            for (String family : List.of("iptables", "ip6tables")) {
                for (String suffix : List.of("", "-restore", "-save")) {
                    Files.createSymbolicLink(directory.resolve(family + suffix), program);
                }
            }
            if (!ipset) {
                write(directory.resolve("ipset"), NO_IPSET);
            }
            return new IptablesHost(directory);
        } catch (IOException e) {
            throw new LabException("could not make a directory of programs", e);
        }
    }

    /** A host without ipset, and without the match {@code time} in its kernel. */
    public static IptablesHost withoutTime() {
        IptablesHost host = with("nft", false);
        try {
            for (String program : List.of("iptables-restore", "ip6tables-restore")) {
                Path script = host.directory.resolve(program);
                Files.delete(script);
                write(script, NO_TIME.replace("PROGRAM", program));
            }
            return host;
        } catch (IOException e) {
            throw new LabException("could not write a program", e);
        }
    }

    private static void write(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** For a process of this host, as {@code NAME=value}. */
    public String path() {
        return "PATH=" + directory + ":" + System.getenv("PATH");
    }

    /** The path of one of its programs. */
    public String program(String name) {
        return directory.resolve(name).toString();
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new LabException("could not remove " + directory, e);
        }
    }
}
