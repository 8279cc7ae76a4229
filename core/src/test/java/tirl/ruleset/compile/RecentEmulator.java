package tirl.ruleset.compile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tirl.door.FlagCondition;
import tirl.packet.Packet;
import tirl.packet.Transport;

/**
 * What the kernel does with a compiled iptables file, for one source of IPv4: chains are walked, and lists of the match
 * {@code recent} have times. That the kernel does the same is shown in the lab.
 */
final class RecentEmulator {
    private static final int ICMP_AND_IPV4_HEADER = 28;

    private final Map<String, List<List<String>>> chains = new HashMap<>();
    private final Map<String, Long> lists = new HashMap<>();
    private final List<String> justSet = new ArrayList<>();

    RecentEmulator(String file) {
        for (String line : file.lines().toList()) {
            List<String> words = List.of(line.split(" ", -1));
            if (line.startsWith("-A ") && !words.contains("-6")) {
                chains.computeIfAbsent(words.get(1), _ -> new ArrayList<>()).add(words.subList(2, words.size()));
            }
        }
    }

    /** Names of doors that this packet opened. */
    List<String> on(Packet packet, long nowS) {
        justSet.clear();
        walk(SequenceCompiler.NAME + "_knocks", packet, nowS);
        return justSet.stream()
                .filter(name -> name.endsWith("_open_4"))
                .map(name -> name.substring("tirl_".length(), name.length() - "_open_4".length()))
                .distinct()
                .toList();
    }

    private void walk(String chain, Packet packet, long nowS) {
        for (List<String> rule : chains.getOrDefault(chain, List.of())) {
            Deque<String> words = new ArrayDeque<>(rule);
            if (matches(words, packet, nowS) && !words.isEmpty()) {
                String how = words.pop();
                String target = words.pop();
                if (!target.equals("RETURN")) {
                    walk(target, packet, nowS);
                }
                if (how.equals("-g") || target.equals("RETURN")) {
                    return;
                }
            }
        }
    }

    /** Takes the matches off the front of the rule; what stays is the target. */
    private boolean matches(Deque<String> words, Packet packet, long nowS) {
        boolean all = true;
        while (all
                && !words.isEmpty()
                && !words.peek().equals("-j")
                && !words.peek().equals("-g")) {
            all = switch (words.pop()) {
                case "-4" -> true;
                case "-p" -> protocol(words.pop()) == packet.transport();
                case "--dport" -> isIn(packet.destinationPort(), words.pop());
                case "--icmp-type" -> words.pop().equals("echo-reply") ? packet.isEchoReply() : packet.isEchoRequest();
                case "--tcp-flags" -> (packet.tcpFlags() & flags(words.pop())) == flags(words.pop());
                case "-m" -> extension(words, packet, nowS);
                case String other -> throw new IllegalArgumentException(other + " in " + words);
            };
        }
        return all;
    }

    private boolean extension(Deque<String> words, Packet packet, long nowS) {
        String name = words.pop();
        if (name.equals("length")) {
            words.pop();
            return packet.payloadLength() + ICMP_AND_IPV4_HEADER == Integer.parseInt(words.pop());
        }
        if (!name.equals("recent")) {
            throw new IllegalArgumentException(name);
        }
        boolean inverted = words.peek().equals("!");
        if (inverted) {
            words.pop();
        }
        String action = words.pop();
        long seconds = Long.MAX_VALUE;
        if (words.peek().equals("--seconds")) {
            words.pop();
            seconds = Long.parseLong(words.pop());
        }
        words.pop();
        return inverted != recent(action, words.pop(), seconds, nowS);
    }

    private boolean recent(String action, String list, long seconds, long nowS) {
        Long since = lists.get(list);
        return switch (action) {
            case "--set" -> {
                lists.put(list, nowS);
                justSet.add(list);
                yield true;
            }
            case "--remove" -> lists.remove(list) != null;
            case "--rcheck" -> since != null && nowS - since <= seconds;
            case String other -> throw new IllegalArgumentException(other);
        };
    }

    private static Transport protocol(String word) {
        return Transport.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static boolean isIn(int port, String range) {
        String[] ends = range.split(":", -1);
        return port >= Integer.parseInt(ends[0]) && port <= Integer.parseInt(ends[ends.length - 1]);
    }

    private static int flags(String names) {
        int flags = 0;
        for (String name : names.split(",", -1)) {
            flags |= FlagCondition.NAMES.getOrDefault(name.toLowerCase(Locale.ROOT), 0);
        }
        return flags;
    }
}
