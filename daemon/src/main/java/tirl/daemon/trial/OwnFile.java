package tirl.daemon.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/** The daemon's own configuration file, which a confirmed trial of another file replaces. */
public final class OwnFile {
    private final Path path;

    public OwnFile(Path path) {
        this.path = path;
    }

    /** Fails when {@link #replace} would. */
    public void checkReplaceable() throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(
                    path + " is a directory of fwknopd's files, which nothing can take the place of: serve a"
                            + " tirl.toml with [fwknop] to try another");
        }
        Path real = path.toRealPath();
        AtomicFile.check(attributes(real), real);
    }

    /**
     * Gives it another text, with the owner and the mode it had; the text before stays beside it as {@code NAME.before}.
     *
     * @param confirmed what was in force before, for when the file itself has been tried and says the new text already
     */
    public void replace(String text, String confirmed) throws IOException {
        Path real = path.toRealPath();
        PosixFileAttributes like = attributes(real);
        String old = Files.readString(real);
        AtomicFile.writeLike(
                like, real.resolveSibling(real.getFileName() + ".before"), old.equals(text) ? confirmed : old);
        AtomicFile.writeLike(like, real, text);
    }

    /** Whether a start would read this text. */
    public boolean says(String text) throws IOException {
        return Files.isDirectory(path)
                || (Files.exists(path) && Files.readString(path).equals(text));
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class);
    }
}
