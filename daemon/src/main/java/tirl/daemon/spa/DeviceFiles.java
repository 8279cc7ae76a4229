package tirl.daemon.spa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tirl.device.Device;
import tirl.spa.X25519PrivateKey;

/** A directory of devices, one in each file {@code NAME.toml}, kept by an administrator or by his tools. */
public final class DeviceFiles {
    private static final String ENDING = ".toml";
    /** More would hide the first. */
    private static final int MOST_MISTAKES = 5;

    private DeviceFiles() {}

    /** A device, the text it was read from, and its keys. */
    record FromFile(Path file, String text, Peers.Ready ready) {
        Device device() {
            return ready.device();
        }
    }

    /** All devices of a directory by name, ready to be used. */
    public record Reading(Map<String, FromFile> devices) {
        static final Reading NOTHING = new Reading(Map.of());

        public Reading {
            devices = Map.copyOf(devices);
        }
    }

    /** Files that say what they said before are not parsed again. Any thread. */
    static Reading read(Optional<Path> directory, X25519PrivateKey server, Reading before) throws SpaException {
        if (directory.isEmpty()) {
            return Reading.NOTHING;
        }
        Map<String, FromFile> all = new TreeMap<>();
        List<String> mistakes = new ArrayList<>();
        List<Device> fresh = new ArrayList<>();
        Map<String, String> texts = new TreeMap<>();
        for (Path file : list(directory.get())) {
            String name = file.getFileName().toString();
            name = name.substring(0, name.length() - ENDING.length());
            try {
                String text = PrivateFiles.read(file);
                FromFile known = before.devices().get(name);
                if (known != null && known.text().equals(text) && known.file().equals(file)) {
                    all.put(name, known);
                } else {
                    fresh.add(named(file, name, DeviceText.read(file.toString(), text)));
                    texts.put(name, text);
                }
            } catch (SpaException e) {
                mistakes.add(e.reason());
            }
        }
        if (!mistakes.isEmpty()) {
            throw new SpaException(String.join("; ", mistakes.subList(0, Math.min(MOST_MISTAKES, mistakes.size())))
                    + (mistakes.size() > MOST_MISTAKES
                            ? "; and " + (mistakes.size() - MOST_MISTAKES) + " files more"
                            : ""));
        }
        for (Peers.Ready ready : Peers.ready(server, fresh)) {
            String name = ready.device().name();
            all.put(name, new FromFile(directory.get().resolve(name + ENDING), texts.getOrDefault(name, ""), ready));
        }
        return new Reading(all);
    }

    private static Device named(Path file, String name, Device device) throws SpaException {
        if (!device.name().equals(name)) {
            throw new SpaException(file + ": its device is named \"" + device.name()
                    + "\"; a file has the name of its device: " + device.name() + ENDING);
        }
        return device;
    }

    private static List<Path> list(Path directory) throws SpaException {
        try (Stream<Path> files = Files.list(directory)) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
            if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new SpaException("others can put devices into " + directory
                        + " and so let themselves in: chmod go-w " + directory);
            }
            return files.filter(DeviceFiles::isDevice).sorted().toList();
        } catch (IOException e) {
            throw new SpaException(
                    directory + ": cannot be read (" + PrivateFiles.reason(e) + "); make it, or take `devices` out of"
                            + " [spa]",
                    e);
        }
    }

    private static boolean isDevice(Path file) {
        Path name = file.getFileName();
        return name != null
                && name.toString().endsWith(ENDING)
                && !name.toString().startsWith(".");
    }
}
