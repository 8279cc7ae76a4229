package tirl.daemon.spa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tirl.daemon.config.DeviceReader.Result;
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
        Map<Path, String> fresh = new LinkedHashMap<>();
        for (Path file : list(directory.get())) {
            try {
                String text = PrivateFiles.read(file);
                FromFile known = before.devices().get(nameOf(file));
                if (known != null && known.text().equals(text) && known.file().equals(file)) {
                    all.put(nameOf(file), known);
                } else {
                    fresh.put(file, text);
                }
            } catch (SpaException e) {
                mistakes.add(e.reason());
            }
        }
        List<Device> devices = devices(fresh, mistakes);
        if (!mistakes.isEmpty()) {
            throw new SpaException(String.join("; ", mistakes.subList(0, Math.min(MOST_MISTAKES, mistakes.size())))
                    + (mistakes.size() > MOST_MISTAKES
                            ? "; and " + (mistakes.size() - MOST_MISTAKES) + " files more"
                            : ""));
        }
        Iterator<Peers.Ready> ready = Peers.ready(server, devices).iterator();
        fresh.forEach((file, text) -> all.put(nameOf(file), new FromFile(file, text, ready.next())));
        return new Reading(all);
    }

    /** In the order of the files, when there is no mistake. */
    private static List<Device> devices(Map<Path, String> texts, List<String> mistakes) {
        Iterator<Result<Device>> results =
                DeviceText.read(List.copyOf(texts.values())).iterator();
        List<Device> devices = new ArrayList<>();
        for (Path file : texts.keySet()) {
            try {
                devices.add(named(file, DeviceText.require(file.toString(), results.next())));
            } catch (SpaException e) {
                mistakes.add(e.reason());
            }
        }
        return devices;
    }

    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - ENDING.length());
    }

    private static Device named(Path file, Device device) throws SpaException {
        if (!device.name().equals(nameOf(file))) {
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
