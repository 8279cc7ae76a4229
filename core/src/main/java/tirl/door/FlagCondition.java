package tirl.door;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tirl.packet.TcpFlags;

/**
 * Which TCP flags a packet must and must not have; flags in neither mask are free.
 *
 * @param set bits of {@link TcpFlags} that must be set
 * @param clear bits that must be clear
 */
public record FlagCondition(int set, int clear) {
    /** Every TCP packet fits. */
    public static final FlagCondition ANY = new FlagCondition(0, 0);

    /** The first packet of a connection: SYN without ACK. */
    public static final FlagCondition CONNECT = new FlagCondition(TcpFlags.SYN, TcpFlags.ACK);

    /** The names that a configuration may use, in lower case, with their bits. */
    public static final Map<String, Integer> NAMES = new TreeMap<>(Map.of(
            "fin", TcpFlags.FIN,
            "syn", TcpFlags.SYN,
            "rst", TcpFlags.RST,
            "psh", TcpFlags.PSH,
            "ack", TcpFlags.ACK,
            "urg", TcpFlags.URG));

    /** Adds one word, {@code syn} or {@code !ack}; empty when it names no flag or contradicts an earlier word. */
    public Optional<FlagCondition> and(String word) {
        boolean negated = word.startsWith("!");
        Integer bit = NAMES.get((negated ? word.substring(1) : word).toLowerCase(Locale.ROOT));
        if (bit == null || ((negated ? set : clear) & bit) != 0) {
            return Optional.empty();
        }
        return Optional.of(negated ? new FlagCondition(set, clear | bit) : new FlagCondition(set | bit, clear));
    }

    public boolean fits(int flags) {
        return (flags & (set | clear)) == set;
    }

    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        NAMES.forEach((name, bit) -> {
            if ((set & bit) != 0) {
                words.add(name);
            } else if ((clear & bit) != 0) {
                words.add("!" + name);
            }
        });
        return String.join(",", words);
    }
}
