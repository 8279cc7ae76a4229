package tirl.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write each device to a file NAME.toml of a directory, for a backup, another host or `devices` of [spa].",
            "The files have secrets of the server: who has one reads what that device sent, and can forge its packets."
        },
        footer = {"", "Existing files are left alone. Example: tirl devices export /root/devices"})
final class DevicesExportCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Parameters(paramLabel = "DIR", description = "made when it is missing, for the owner only")
    private Path folder = Path.of("");

    @Override
    public Integer call() throws ControlException, IOException {
        Object result = control.client().ask(Map.of("command", "devices-export"));
        Map<Path, String> files = files(result);
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Path file : files.keySet()) {
            PrivateFile.refuseExisting(file);
        }
        for (Map.Entry<Path, String> file : files.entrySet()) {
            PrivateFile.write(file.getKey(), file.getValue());
        }
        output.print(
                Map.of("directory", folder.toString(), "devices", files.size()),
                _ -> output.line("written to %s: %s devices; they are secrets of this server", folder, files.size()));
        return 0;
    }

    private Map<Path, String> files(Object result) throws IOException {
        Map<Path, String> files = new TreeMap<>();
        if (result instanceof Map<?, ?> answer && answer.get("devices") instanceof List<?> devices) {
            for (Object one : devices) {
                if (one instanceof Map<?, ?> device) {
                    files.put(file(String.valueOf(device.get("name"))), String.valueOf(device.get("text")));
                }
            }
        }
        return files;
    }

    /** Names have no slash; a daemon that says otherwise is not to choose where we write. */
    private Path file(String name) throws IOException {
        if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0) {
            throw new IOException("\"" + name + "\" is no name of a device");
        }
        return folder.resolve(name + DeviceTexts.ENDING);
    }
}
