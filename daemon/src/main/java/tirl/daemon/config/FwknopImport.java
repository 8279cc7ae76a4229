package tirl.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.Ancestor;
import tirl.fwknop.access.Include;
import tirl.fwknop.access.Inclusions;
import tirl.importer.FwknopImporter;
import tirl.importer.FwknopSource;
import tirl.importer.ImportReport;
import tirl.importer.LegacyFwknopImporter;

/** Finds fwknop's files, of 1.9 or 2.x, and has them converted. */
public final class FwknopImport {
    private static final String DAEMON = "fwknopd.conf";
    private static final String LEGACY = "fwknop.conf";
    private static final String ACCESS = "access.conf";

    private FwknopImport() {}

    /**
     * Converts the files of a directory, or of that where a file is.
     *
     * @throws IOException when none of fwknop's files is there, or one cannot be read
     */
    public static ImportReport of(Path place) throws IOException {
        Path path = place.toAbsolutePath().normalize();
        if (!Files.exists(path)) {
            throw new IOException(place + ": there is no such file or directory");
        }
        Path parent = path.getParent();
        Path directory = Files.isDirectory(path) || parent == null ? path : parent;
        Path legacy = directory.resolve(LEGACY);
        // 1.9 had no names but these; a stanza file of another name can only be meant as such.
        boolean named = !directory.equals(path) && !path.endsWith(DAEMON) && !path.endsWith(LEGACY);
        Path access = named ? path : directory.resolve(ACCESS);
        boolean modern = Files.exists(directory.resolve(DAEMON));
        if (Files.exists(access) && isLegacy(read(access), modern, Files.exists(legacy))) {
            Optional<AccessFile> daemon = Files.exists(legacy) ? Optional.of(read(legacy)) : Optional.empty();
            return LegacyFwknopImporter.convert(daemon, read(access));
        }
        if (!modern) {
            throw new IOException(directory + ": fwknop's configuration is not here, neither " + DAEMON + " (2.x) nor "
                    + LEGACY + " with " + ACCESS + " (1.9); name the directory that has it, such as /etc/fwknop");
        }
        return FwknopImporter.convert(source(directory));
    }

    private static boolean isLegacy(AccessFile access, boolean modern, boolean legacy) {
        return modern ? Ancestor.hasSequences(access) : legacy || Ancestor.wrote(access);
    }

    private static FwknopSource source(Path directory) throws IOException {
        FwknopFiles files = FwknopFiles.read(directory);
        List<AccessFile> all = new ArrayList<>(List.of(read(directory.resolve(DAEMON))));
        FwknopFiles.access(directory, files.conf(), include -> found(directory, include), new ArrayList<>())
                .forEach(file -> collect(directory, file, 0, all));
        return new FwknopSource(directory.toString(), all, files.conf(), files.stanzas(), files.findings());
    }

    private static void collect(Path directory, AccessFile file, int depth, List<AccessFile> all) {
        all.add(file);
        if (depth < Include.DEEPEST) {
            for (Include include : file.includes()) {
                if (found(directory, include) instanceof Inclusions.Found.Files(List<AccessFile> files)) {
                    files.forEach(each -> collect(directory, each, depth + 1, all));
                }
            }
        }
    }

    private static Inclusions.Found found(Path directory, Include include) {
        return FwknopFiles.find(directory, include, new ArrayList<>());
    }

    private static AccessFile read(Path file) throws IOException {
        try {
            return AccessFile.read(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
