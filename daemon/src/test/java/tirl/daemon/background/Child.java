package tirl.daemon.background;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A program that goes to the background: the first argument is the file that the child writes its pid and directory to,
 * the second what happens there ({@code ready}, {@code fail}, {@code hang}), the third an argument to keep.
 */
public final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (!Background.isChild()) {
            try {
                System.exit(Background.detach(Background.ownCommand(arguments), Duration.ofSeconds(20)));
            } catch (IOException e) {
                System.err.println(e.getMessage());
                System.exit(1);
            }
        }
        System.out.println("starting " + arguments[2]);
        if (arguments[1].equals("fail")) {
            System.err.println("could not open eth9: no such interface");
            System.exit(7);
        }
        Background.ready();
        System.out.println("nobody sees this");
        System.err.println("nobody sees this");
        Path file = Path.of(arguments[0]);
        Path fresh = Path.of(arguments[0] + ".new");
        String session = Files.readString(Path.of("/proc/self/stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ", -1)[3];
        Files.writeString(
                fresh,
                String.join(
                        "\n",
                        Long.toString(ProcessHandle.current().pid()),
                        session,
                        Path.of("/proc/self/cwd").toRealPath().toString(),
                        Path.of("/proc/self/fd/0").toRealPath().toString(),
                        Path.of("/proc/self/fd/1").toRealPath().toString(),
                        Path.of("/proc/self/fd/2").toRealPath().toString()));
        Path _ = Files.move(fresh, file);
        Thread.sleep(Duration.ofSeconds(60));
    }
}
