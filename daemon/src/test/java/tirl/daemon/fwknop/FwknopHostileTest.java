package tirl.daemon.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.spa.Carriers;
import tirl.fwknop.gate.Dismissal;
import tirl.packet.Packet;

/** What strangers and insiders can do to the receiver: nothing, at a bounded price. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FwknopHostileTest {
    private static final int RUNS = 5;
    private static final int PACKETS = 20_000;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final List<String> ODD =
            List.of("\0", "\n", "\r", "\u007f", "\u00e9", "99999999999999999999", "-1", " ", "%n", "=");

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private FwknopHost host = new FwknopHost(folder);

    @BeforeEach
    void start() throws Exception {
        host = new FwknopHost(folder);
        host.start("", "SOURCE ANY\nOPEN_PORTS tcp/22\nKEY key\nHMAC_KEY hmac\nENABLE_CMD_EXEC Y\n");
    }

    @AfterEach
    void stop() {
        host.close();
    }

    /** The right fields open, so that what the wrong ones do means something. */
    @Test
    void insidersPacket_opens() throws Exception {
        host.send(new Insider().packet(fields("1", "192.0.2.10,tcp/22")), FwknopHost.CLIENT);

        assertThat(host.kernel.open).hasSize(1);
    }

    /** Somebody who has the keys: nothing that no client would say gets through, and none of it into the log. */
    @Test
    void oddOctets_inEveryField_openNothing_andAreNotLogged() throws Exception {
        Insider insider = new Insider();
        int sent = 0;
        for (String type : List.of("0", "1")) {
            String message = type.equals("0") ? "192.0.2.10,id" : "192.0.2.10,tcp/22";
            for (String odd : ODD) {
                boolean mayBeText =
                        odd.equals(" ") || odd.equals("%n") || odd.equals("=") || odd.equals("-1") || odd.length() > 9;
                for (int field = 0; field < 6; field++) {
                    for (boolean inside : new boolean[] {true, false}) {
                        if (mayBeText && (field == 1 || field == 3 || field == 5)) {
                            continue; // a user's name, a version or a command may have it
                        }
                        String[] fields = fields(type, message);
                        boolean text = field == 1 || field == 5;
                        String plain = text ? (field == 1 ? "anna" : message) : fields[field];
                        String odder = inside ? plain.charAt(0) + odd + plain.substring(1) : odd;
                        fields[field] = text ? Insider.field(odder) : odder;
                        host.send(insider.packet(fields), FwknopHost.CLIENT);
                        sent++;
                    }
                }
            }
        }

        assertThat(host.kernel.open).isEmpty();
        assertThat(host.commands).isEmpty();
        assertThat(host.events).isEmpty();
        assertThat(host.counts()).isEqualTo(new FwknopReceiver.Counts(0, 0, 0));
        assertThat(host.now().receiver().dismissed(Dismissal.KEYS)
                        + host.now().receiver().dismissed(Dismissal.NO_PACKET))
                .isEqualTo(sent);
    }

    private static String[] fields(String type, String message) {
        return new String[] {
            "1234567890123456",
            Insider.field("anna"),
            Long.toString(FwknopHost.NOW_S),
            "3.0.0",
            type,
            Insider.field(message)
        };
    }

    @Test
    void strangersPackets_allocateNothing_unlessTheyBeginLikeOne() throws Exception {
        Random random = new Random(31);
        byte[] noise = new byte[300];
        random.nextBytes(noise);
        byte[] post = "POST /index.html HTTP/1.1\r\n".repeat(10).getBytes(StandardCharsets.US_ASCII);
        byte[] text = new byte[300];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) ALPHABET.charAt(random.nextInt(64));
        }
        text[0] = '9';

        assertThat(allocated(noise)).isZero();
        assertThat(allocated(post)).isZero();
        // A copy of it, two addresses, and what the JDK's HMAC makes.
        assertThat(allocated(text)).isLessThan(2_000);
        assertThat(host.events).isEmpty();
    }

    /** For one packet; the least of several runs. By reflection: the module does not require jdk.management. */
    private long allocated(byte[] payload) throws ReflectiveOperationException {
        Packet packet = new Carriers().udp(FwknopHost.CLIENT, 62_201, payload);
        FwknopReceiver receiver = host.now().receiver();
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        Method allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long before = (long) allocated.invoke(threads);
            for (int i = 0; i < PACKETS; i++) {
                receiver.on(packet);
            }
            least = Math.min(least, (long) allocated.invoke(threads) - before);
        }
        return least / PACKETS;
    }
}
