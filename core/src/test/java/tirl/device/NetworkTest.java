package tirl.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.config.NotationException;
import tirl.packet.Address;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "192.0.2.7, 192.0.2.7/32",
        "2001:DB8::/32, 2001:db8::/32",
        "::/0, ::/0",
        "2001:db8::1, 2001:db8::1/128",
        "2001:db8:0:1::/64, 2001:db8:0:1::/64",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
        "::ffff:192.0.2.7, 192.0.2.7/32"
    })
    void parse_right_isWrittenInOneForm(String text, String form) throws NotationException {
        Network network = Network.parse(text);
        assertThat(network).hasToString(form).isEqualTo(Network.parse(form));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.0.0.5/8       | write 10.0.0.0/8 for the network, 10.0.0.5/32 for that address alone
            2001:db8::1/32   | write 2001:db8::/32 for the network
            10.0.0.0/33      | goes from 0 to 32
            10.0.0.0/999     | goes from 0 to 32
            2001:db8::/129   | goes from 0 to 128
            ::ffff:10.0.0.0/8| goes from 96 to 128
            10.0.0.0/        | write 192.0.2.0/24
            10.0.0.0/-1      | write 192.0.2.0/24
            10.0.0/8         | write 192.0.2.0/24
            /8               | write 192.0.2.0/24
            gate.example/8   | write 192.0.2.0/24
            fe80::1%eth0/64  | write 192.0.2.0/24
            10.0.0.0/8/8     | write 192.0.2.0/24
            """)
    void parse_wrong_saysWhatIsRight(String text, String remedy) {
        assertThatThrownBy(() -> Network.parse(text))
                .isInstanceOf(NotationException.class)
                .hasMessageContaining(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 10.0.0.1, false",
        "::/0, fe80::1, true",
        "192.0.2.7/32, 192.0.2.7, true",
        "192.0.2.7/32, 192.0.2.6, false",
        "2001:db8::/63, 2001:db8:0:1:ffff::, true",
        "2001:db8::/64, 2001:db8:0:1::, false",
        "2001:db8::/65, 2001:db8::7fff:0:0:1, true",
        "2001:db8::/65, 2001:db8::8000:0:0:1, false"
    })
    void contains_address_isDecidedByThePrefix(String network, String address, boolean is) throws NotationException {
        assertThat(Network.parse(network).contains(Address.parse(address).orElseThrow()))
                .isEqualTo(is);
    }

    /** Against big numbers: an address is in a network when the difference is only in the last bits. */
    @Test
    void contains_drawnNetworks_agreesWithArithmetic() throws NotationException {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            int width = random.nextBoolean() ? 32 : 128;
            int prefix = random.nextInt(width + 1);
            BigInteger host = BigInteger.ONE.shiftLeft(width - prefix);
            BigInteger number = new BigInteger(width, random);
            BigInteger base = number.divide(host).multiply(host);
            Network network = Network.parse(address(base, width) + "/" + prefix);
            // Near the border, where mistakes are.
            BigInteger near = base.add(host).subtract(BigInteger.valueOf(random.nextInt(3)));
            BigInteger end = BigInteger.ONE.shiftLeft(width);
            Address asked = address(near.mod(end), width);
            boolean in = near.mod(end).divide(host).equals(base.divide(host));
            if (asked.isIpv4() == (width == 32)) {
                assertThat(network.contains(asked)).as(asked + " in " + network).isEqualTo(in);
            }
            assertThat(Network.parse(network.toString())).isEqualTo(network);
        }
    }

    private static Address address(BigInteger number, int width) {
        byte[] bytes = new byte[width / 8];
        byte[] digits = number.toByteArray();
        for (int i = 0; i < Math.min(bytes.length, digits.length); i++) {
            bytes[bytes.length - 1 - i] = digits[digits.length - 1 - i];
        }
        return Address.ofBytes(bytes);
    }
}
