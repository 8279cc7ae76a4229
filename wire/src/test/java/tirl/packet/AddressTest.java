package tirl.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "255.255.255.255, 255.255.255.255",
        "2001:db8::1, 2001:db8::1",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "::ffff:192.0.2.7, 192.0.2.7",
    })
    void toString_parsedAddress_isCanonical(String written, String canonical) {
        Address address = Address.parse(written).orElseThrow();
        assertThat(address).hasToString(canonical);
        assertThat(Address.parse(canonical)).contains(address);
        assertThat(Address.ofBytes(address.bytes())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "host", "1.2.3", "1.2.3.256", "::g", "fe80::1%eth0", "[::1]", "10.0.0.1/8", "1234", " ::1"})
    void parse_noAddress_isEmpty(String text) {
        assertThat(Address.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"224.0.0.1, true", "239.1.2.3, true", "223.0.0.1, false", "ff02::1, true", "fe80::1, false"})
    void isMulticast_address_isTold(String text, boolean multicast) {
        assertThat(Address.parse(text).orElseThrow().isMulticast()).isEqualTo(multicast);
    }
}
