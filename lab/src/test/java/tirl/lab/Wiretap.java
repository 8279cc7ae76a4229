package tirl.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Somebody who records a wire of the clients, by tcpdump, and can send what he recorded once more. */
final class Wiretap implements AutoCloseable {
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int LENGTH_AT = 8;
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int UDP = 8;

    private final Path file;
    private final Background tcpdump;

    private Wiretap(Path file, Background tcpdump) {
        this.file = file;
        this.tcpdump = tcpdump;
    }

    /** @param filter in the syntax of pcap-filter(7) */
    static Wiretap on(Network network, String iface, String filter) {
        try {
            Path file = Files.createTempFile("tl", ".pcap");
            Background tcpdump = network.clients()
                    .start(
                            "tcpdump",
                            "--immediate-mode",
                            "-U",
                            "-Z",
                            "root",
                            "-s",
                            "2000",
                            "-i",
                            iface,
                            "-w",
                            file.toString(),
                            filter);
            Await.until(
                    () -> "tcpdump listens: " + tcpdump.err(),
                    Site.SOON,
                    () -> tcpdump.err().contains("listening on"));
            return new Wiretap(file, tcpdump);
        } catch (IOException e) {
            throw new LabException("could not make a file for tcpdump", e);
        }
    }

    /** The payloads of the UDP datagrams so far. */
    List<byte[]> payloads() {
        return frames().stream()
                .map(frame -> Arrays.copyOfRange(
                        frame, ETHERNET + (frame[ETHERNET] >> 4 == 4 ? IPV4 : IPV6) + UDP, frame.length))
                .toList();
    }

    List<byte[]> payloads(int atLeast) {
        Await.until(
                () -> atLeast + " datagrams on the wire",
                Site.SOON,
                () -> payloads().size() >= atLeast);
        return payloads();
    }

    /** The UDP ports that they were sent to. */
    Set<Integer> ports() {
        Set<Integer> ports = new TreeSet<>();
        for (byte[] frame : frames()) {
            int udp = ETHERNET + (frame[ETHERNET] >> 4 == 4 ? IPV4 : IPV6);
            ports.add(ByteBuffer.wrap(frame).getShort(udp + 2) & 0xffff);
        }
        return ports;
    }

    /** How many frames there were. */
    int count() {
        return frames().size();
    }

    private List<byte[]> frames() {
        try {
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            List<byte[]> frames = new ArrayList<>();
            int at = FILE_HEADER;
            // tcpdump may be writing the last one.
            while (at + RECORD_HEADER <= all.capacity()
                    && at + RECORD_HEADER + all.getInt(at + LENGTH_AT) <= all.capacity()) {
                byte[] frame = new byte[all.getInt(at + LENGTH_AT)];
                all.get(at + RECORD_HEADER, frame);
                frames.add(frame);
                at += RECORD_HEADER + frame.length;
            }
            return frames;
        } catch (IOException e) {
            throw new LabException("could not read " + file, e);
        }
    }

    @Override
    public void close() {
        tcpdump.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LabException("could not remove " + file, e);
        }
    }
}
