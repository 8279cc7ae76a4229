package tirl.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs of this package that run as processes of their own: with their own processor time, and to be killed. */
final class ChildJvm {
    private ChildJvm() {}

    /** The words that start the class with these arguments. */
    static String[] words(Class<?> program, List<String> arguments) {
        Path classes = Path.of(
                program.getProtectionDomain().getCodeSource().getLocation().getPath());
        Stream<String> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes.toString(),
                program.getName());
        return Stream.concat(java, arguments.stream()).toArray(String[]::new);
    }
}
