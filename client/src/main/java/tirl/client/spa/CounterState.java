package tirl.client.spa;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import tirl.spa.GateKeys;

/**
 * The number of the last packet, and which tokens of three epochs are taken.
 *
 * @param epoch the middle one
 * @param taken 16 bits for each epoch: the lowest for the one before, then {@code epoch}, then the one after
 */
record CounterState(long counter, long epoch, long taken) {
    /** Octets of a written state. */
    static final int LENGTH = 64;

    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern LINE = Pattern.compile("(\\d{1,19}) (\\d{1,15}) ([0-9a-f]{12}) ([0-9a-f]{8}) *\n");
    /** In the last part of an epoch the server may be in the next one already, and has forgotten the one before. */
    private static final long LATE_MS = GateKeys.EPOCH_MS - 100_000;

    private static final long ALL = 0xffff_ffff_ffffL;

    /** A device that knows nothing of its past (section 5.1): past all that it can have used. */
    static CounterState lost(long nowMs) {
        return new CounterState((nowMs / 1000) << 16, GateKeys.epochOf(nowMs), 0);
    }

    /** Before the first packet. */
    static CounterState first(long nowMs) {
        return new CounterState(0, GateKeys.epochOf(nowMs), 0);
    }

    /** As if lost, in case that this is an old copy; the tokens stay taken. */
    CounterState doubted(long nowMs) {
        return new CounterState(Math.max(counter, lost(nowMs).counter()), epoch, taken);
    }

    /**
     * The next packet: the nearest number whose token is free in this epoch, else in one of its neighbours, which the
     * server has in its table too. With all taken, the next number whatever its token.
     */
    Ticket next(long nowMs) {
        long now = GateKeys.epochOf(nowMs);
        boolean late = Math.floorMod(nowMs, GateKeys.EPOCH_MS) >= LATE_MS;
        long[] order = late ? new long[] {now, now + 1, now - 1} : new long[] {now, now - 1, now + 1};
        CounterState shifted = at(now);
        for (long each : order) {
            for (int i = 1; i <= GateKeys.SLOTS; i++) {
                if (!shifted.isTaken(each, GateKeys.slotOf(counter + i))) {
                    return new Ticket(counter + i, each, true);
                }
            }
        }
        return new Ticket(counter + 1, now, false);
    }

    /** After this packet, in the epoch of {@code nowMs}. */
    CounterState after(Ticket ticket, long nowMs) {
        CounterState shifted = at(GateKeys.epochOf(nowMs));
        return new CounterState(
                ticket.counter(),
                shifted.epoch,
                shifted.taken | shifted.bit(ticket.epoch(), GateKeys.slotOf(ticket.counter())));
    }

    private CounterState at(long now) {
        long epochs = now - epoch;
        long moved = Math.abs(epochs) > 2 ? 0 : epochs >= 0 ? taken >>> (16 * epochs) : taken << (16 * -epochs);
        return new CounterState(counter, now, moved & ALL);
    }

    private boolean isTaken(long ofEpoch, int slot) {
        return (taken & bit(ofEpoch, slot)) != 0;
    }

    private long bit(long ofEpoch, int slot) {
        return 1L << (16 * (ofEpoch - epoch + 1) + slot);
    }

    /** One line of {@link #LENGTH} octets that ends in a checksum. */
    byte[] write() {
        String values = counter + " " + epoch + " " + HEX.toHexDigits(taken, 12);
        String line = values + " " + HEX.toHexDigits(checksum(values), 8);
        return (line + " ".repeat(LENGTH - 1 - line.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Empty when these octets were not written to their end. */
    static Optional<CounterState> read(byte[] bytes) {
        Matcher line = LINE.matcher(new String(bytes, StandardCharsets.US_ASCII));
        if (!line.matches()) {
            return Optional.empty();
        }
        String values = line.group(1) + " " + line.group(2) + " " + line.group(3);
        if (Long.parseLong(line.group(4), 16) != checksum(values)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CounterState(
                    Long.parseLong(line.group(1)), Long.parseLong(line.group(2)), Long.parseLong(line.group(3), 16)));
        } catch (NumberFormatException pastAllNumbers) {
            return Optional.empty();
        }
    }

    private static long checksum(String values) {
        CRC32 crc = new CRC32();
        crc.update(values.getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }
}
