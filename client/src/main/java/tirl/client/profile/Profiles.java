package tirl.client.profile;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The user's profiles: one file each, {@code NAME.toml}, in a directory that only the user may read. */
public final class Profiles {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private final Path directory;

    public Profiles(Path directory) {
        this.directory = directory;
    }

    /** Where the XDG base directory specification puts them: {@code ~/.config/tirl}. */
    public static Profiles ofUser(Map<String, String> environment) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path base = config.startsWith("/")
                ? Path.of(config)
                : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/")), ".config");
        return new Profiles(base.resolve("tirl"));
    }

    /** The profile of this name; a file that others may read is refused, for the knock is a secret. */
    public Profile read(String name) throws ProfileException {
        Path file = file(name);
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
                throw new ProfileException(file + " may be read by others; `chmod 600 " + file + "`");
            }
            return ProfileReader.read(name, file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ProfileException("there is no profile " + name + " (" + file + "); there is " + known(), e);
        } catch (IOException e) {
            throw new ProfileException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether there is one of this name. */
    public boolean has(String name) {
        return NAME.matcher(name).matches() && Files.exists(directory.resolve(name + ".toml"));
    }

    /** Writes a new profile with the keys of a device, for the owner only; an existing one is never overwritten. */
    public void create(Profile profile, Profile.Proof.Spa spa) throws ProfileException {
        Path file = file(profile.name());
        try {
            ProfileFile.create(file, ProfileText.of(profile, spa));
        } catch (FileAlreadyExistsException e) {
            throw new ProfileException(
                    "there is a profile " + profile.name() + " already (" + file + "); choose another name: --as NAME",
                    e);
        } catch (IOException e) {
            throw new ProfileException(file + " cannot be written: " + e, e);
        }
    }

    /** Puts the keys of this identity into the profile; all else in it stays as it is. */
    public void rekey(String name, Identity identity) throws ProfileException {
        Path file = file(name);
        try {
            ProfileFile.replace(file, ProfileText.withKeys(file.toString(), Files.readString(file), identity));
        } catch (IOException e) {
            throw new ProfileException(file + " cannot be written: " + e, e);
        }
    }

    /** Where the number of the last packet of this profile is kept. */
    public Path counter(String name) throws ProfileException {
        return file(name).resolveSibling(name + ".counter");
    }

    /** Where the profile of this name is, or would be. */
    public Path file(String name) throws ProfileException {
        if (!NAME.matcher(name).matches()) {
            throw new ProfileException("\"" + name + "\" cannot be the name of a profile");
        }
        return directory.resolve(name + ".toml");
    }

    /** The profile of this name or, failing that, the only one whose host this is. */
    public Profile find(String nameOrHost) throws ProfileException {
        Optional<String> name = names().stream().filter(nameOrHost::equals).findFirst();
        if (name.isPresent()) {
            return read(name.get());
        }
        for (String each : names()) {
            Profile profile = read(each);
            if (profile.host().equalsIgnoreCase(nameOrHost)) {
                return profile;
            }
        }
        throw new ProfileException(
                "no profile in " + directory + " is named " + nameOrHost + " or has that host; there is " + known());
    }

    /** Every name, sorted. */
    public List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.endsWith(".toml"))
                    .map(file -> file.substring(0, file.length() - 5))
                    .filter(name -> NAME.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException noneYet) {
            return List.of();
        }
    }

    private String known() {
        return names().isEmpty() ? "none yet" : String.join(", ", names());
    }
}
