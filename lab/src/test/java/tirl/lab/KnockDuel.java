package tirl.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two daemons on the same interface: every packet of every script reaches both at once, from one sender. What they say
 * about each script's source, and what their door commands did, is the outcome.
 */
final class KnockDuel implements AutoCloseable {
    private static final Duration SENDING_LIMIT = Duration.ofMinutes(2);
    private static final Duration SEEING_LIMIT = Duration.ofSeconds(15);
    private static final String CANARY = "10.128.0.1";
    private static final long GAP_MICROS = 4_000;
    private static final Pattern SAID =
            Pattern.compile("\\[[0-9-]{10} [0-9:]{5}\\] (\\S+: \\S+: (?:Stage \\d+|OPEN SESAME))");

    private final Network network;
    private final KnockDoors doors;
    private final KnockDaemon left;
    private final KnockDaemon right;

    /**
     * What became of one script.
     *
     * @param left what the left daemon logged about its source
     * @param withBug what the model says that a daemon with knockd's bug logs
     * @param clear whether every packet was clearly in one second of the clock
     */
    record Outcome(
            KnockScript script,
            List<String> left,
            List<String> right,
            List<String> withBug,
            List<String> withoutBug,
            boolean clear) {
        Outcome {
            left = List.copyOf(left);
            right = List.copyOf(right);
            withBug = List.copyOf(withBug);
            withoutBug = List.copyOf(withoutBug);
        }

        boolean agreed() {
            return left.equals(right);
        }

        @Override
        public String toString() {
            return script.source() + " sent " + script.text() + "\n  left        " + left + "\n  right       " + right
                    + "\n  with bug    " + withBug + "\n  without bug " + withoutBug;
        }
    }

    private KnockDuel(Network network, KnockDoors doors, KnockDaemon left, KnockDaemon right) {
        this.network = network;
        this.doors = doors;
        this.left = left;
        this.right = right;
    }

    /** Starts the same doors twice. */
    static KnockDuel start(Network network, KnockDoors doors, KnockDaemon.Kind right) {
        return start(network, doors, doors, right);
    }

    /**
     * Starts knockd with the doors and the other daemon with the others; the model is asked about the former. Stages
     * of a door that is open are logged like any others, so tirl is told to run commands again.
     */
    static KnockDuel start(Network network, KnockDoors doors, KnockDoors others, KnockDaemon.Kind right) {
        KnockDaemon knockd = KnockDaemon.start(KnockDaemon.Kind.KNOCKD, network.server(), doors.config());
        try {
            return new KnockDuel(
                    network, doors, knockd, KnockDaemon.start(right, network.server(), others.config(), "--repeat"));
        } catch (LabException e) {
            knockd.close();
            throw e;
        }
    }

    /** Plays the scripts one after the other, and waits until both daemons have seen all. */
    List<Outcome> play(List<KnockScript> scripts) {
        List<Frame> frames = new ArrayList<>();
        long at = 0;
        for (KnockScript script : scripts) {
            List<Frame> these = script.frames(at, doors.destinations(script.ipv6(), server(script.ipv6())));
            frames.addAll(these);
            at = KnockScript.end(these) + GAP_MICROS;
        }
        frames.add(Frame.syn(at, CANARY, server(false), KnockDoors.CANARY_PORT));
        List<Long> seconds = FrameSender.send(network, frames, SENDING_LIMIT);
        awaitAll(left);
        awaitAll(right);
        KnockModel withBug = modelled(frames, seconds, true);
        KnockModel withoutBug = modelled(frames, seconds, false);
        return scripts.stream()
                .map(script -> new Outcome(
                        script,
                        about(script, said(left)),
                        about(script, said(right)),
                        about(script, withBug.log()),
                        about(script, withoutBug.log()),
                        clear(script, frames, seconds)))
                .toList();
    }

    /** What was opened and what was run has to be the same, each as often, for either daemon. */
    static List<String> openings(KnockDaemon daemon) {
        return said(daemon).stream()
                .filter(line -> line.endsWith("OPEN SESAME"))
                .map(line -> {
                    String[] words = line.split(": ", -1);
                    return words[1] + " " + words[0];
                })
                .sorted()
                .toList();
    }

    KnockDaemon left() {
        return left;
    }

    KnockDaemon right() {
        return right;
    }

    @Override
    public void close() {
        left.close();
        right.close();
    }

    private void awaitAll(KnockDaemon daemon) {
        Await.until(
                () -> daemon + " has seen the last packet and run every command; " + daemon.said(),
                SEEING_LIMIT,
                () -> daemon.log().contains(CANARY + ": canary: OPEN SESAME")
                        && daemon.ran().size() >= openings(daemon).size());
    }

    private KnockModel modelled(List<Frame> frames, List<Long> seconds, boolean headBug) {
        KnockModel model = new KnockModel(doors.doors(), List.of(server(false), server(true)), headBug);
        for (int i = 0; i < frames.size(); i++) {
            model.receive(frames.get(i), Math.abs(seconds.get(i)));
        }
        return model;
    }

    private static boolean clear(KnockScript script, List<Frame> frames, List<Long> seconds) {
        for (int i = 0; i < frames.size(); i++) {
            if (frames.get(i).source().equals(script.source()) && seconds.get(i) < 0) {
                return false;
            }
        }
        return true;
    }

    private static List<String> said(KnockDaemon daemon) {
        return daemon.log()
                .lines()
                .map(SAID::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .toList();
    }

    private static List<String> about(KnockScript script, List<String> lines) {
        String prefix = script.source() + ": ";
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    private String server(boolean ipv6) {
        return ipv6 ? network.wire().serverIpv6() : network.wire().serverIpv4();
    }
}
