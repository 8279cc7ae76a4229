package tirl.linux.namespace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tirl.linux.libc.Libc;
import tirl.packet.Packet;

/** A network namespace that is gone, with every program started in it, when closed. */
public final class Namespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "tlx" + ProcessHandle.current().pid() + "n" + COUNT.incrementAndGet();
    private final List<Program> programs = new ArrayList<>();

    public Namespace() {
        command("ip", "netns", "add", name);
        run("ip link set lo up");
    }

    public String name() {
        return name;
    }

    /** Runs a program of the system here, words split at blanks; what it writes. Fails when the program does. */
    public String run(String line) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
        words.addAll(List.of(line.split(" ")));
        return command(words.toArray(String[]::new));
    }

    /** Runs a line of the shell here. */
    public String shell(String line) {
        return command("ip", "netns", "exec", name, "bash", "-c", line);
    }

    /** One UDP datagram from here, by the kernel. */
    public void udp(String target, int port) {
        shell("echo knock > /dev/udp/" + target + "/" + port);
    }

    /** Starts a main class of this test tree here. */
    public Program java(Class<?> main, String... arguments) {
        return java(List.of(), main, arguments);
    }

    /** As {@link #java(Class, String...)}, under a program that changes something first. */
    public Program java(List<String> under, Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
        words.addAll(under);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(
                        ":",
                        Path.of("target", "test-classes").toAbsolutePath().toString(),
                        origin(Libc.class),
                        origin(Packet.class),
                        origin(tirl.grant.Opening.class)),
                main.getName()));
        words.addAll(List.of(arguments));
        try {
            Program program = new Program(new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
            programs.add(program);
            return program;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A veth pair from {@code here} in this namespace to {@code there} in the other, both up, with addresses. */
    public void veth(String here, String hereAddress, Namespace other, String there, String thereAddress) {
        run("ip link add " + here + " address 02:00:00:00:00:01 type veth peer name " + there
                + " address 02:00:00:00:00:02 netns " + other.name);
        run("ip addr add " + hereAddress + " dev " + here);
        other.run("ip addr add " + thereAddress + " dev " + there);
        run("ip link set " + here + " up");
        other.run("ip link set " + there + " up");
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        command("ip", "netns", "del", name);
    }

    private static String origin(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }

    private static String command(String... words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", words) + ": " + output);
            }
            return output;
        } catch (IOException failure) {
            throw new IllegalStateException("a tool is missing: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
