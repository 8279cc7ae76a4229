package tirl.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.packet.Address;

class BodyCodecTest {
    private static final Address V4 = Address.parse("192.0.2.1").orElseThrow();
    private static final Address V6 = Address.parse("2001:db8::1").orElseThrow();

    /** Whatever bytes: none is misread, and what is read has only this form. */
    @Test
    void randomBytes_haveOneFormOrNone() {
        Random random = new Random(3);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = BodyCodec.encode(Parties.open(1 + random.nextInt(1000)));
            for (int n = random.nextInt(4); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(random.nextBoolean() ? 5 : 256);
            }
            Optional<Body> body = BodyCodec.decode(bytes);
            if (body.isPresent()) {
                read++;
                assertThat(BodyCodec.encode(body.get())).isEqualTo(bytes);
            }
        }
        assertThat(read).isGreaterThan(50_000);
    }

    @ParameterizedTest
    @CsvSource({
        "version 2, 0, 2",
        "kind 5, 1, 5",
        "kind 0, 1, 0",
        "flag 8, 2, 8",
        "code flag away with a code, 2, 0",
        "mode 4, 3, 4",
        "mode 255, 3, 255",
        "mode observed with an address, 3, 0",
        "negative time, 4, 128",
        "second service after a gap, 24, 0",
        "multicast address, 44, 224",
        "loopback address, 44, 127",
    })
    void oneWrongByte_isMalformed(String what, int at, int value) {
        Body.Header header = new Body.Header(1, 1L << 56, false, false);
        Body.Target target = new Body.Target(
                List.of(new ServiceId(1 << 24), new ServiceId(2)),
                5,
                OptionalInt.of(123456),
                new AddressClaim(AddressMode.CLAIMED, Optional.of(V4), Optional.of(V6)));
        byte[] bytes = BodyCodec.encode(new Body.Open(header, 60, target));
        assertThat(BodyCodec.decode(bytes)).contains(new Body.Open(header, 60, target));

        bytes[at] = (byte) value;

        assertThat(BodyCodec.decode(bytes)).as(what).isEmpty();
    }

    @Test
    void reservedBytesOfRegister_areZero() {
        Body.Header header = new Body.Header(1, 1, true, false);
        X25519PublicKey key = new Parties(1).device.publicKey();
        byte[] bytes = BodyCodec.encode(new Body.Register(header, key));
        assertThat(BodyCodec.decode(bytes)).contains(new Body.Register(header, key));
        bytes[63] = 1;
        assertThat(BodyCodec.decode(bytes)).isEmpty();
        byte[] counterless = new byte[64];
        counterless[0] = 1;
        counterless[1] = 3;
        assertThat(BodyCodec.decode(counterless)).isEmpty();
    }

    @Test
    void closeWithDuration_isMalformed() {
        Body.Target target = new Body.Target(List.of(), 9, OptionalInt.empty(), AddressClaim.OBSERVED);
        Body close = new Body.Close(new Body.Header(1, 1, false, true), target);
        byte[] bytes = BodyCodec.encode(close);
        assertThat(BodyCodec.decode(bytes)).contains(close);
        bytes[23] = 1;
        assertThat(BodyCodec.decode(bytes)).isEmpty();
    }

    @Test
    void whatCannotBeWritten_cannotBeMade() {
        List<ServiceId> twice = List.of(ServiceId.of("ssh"), ServiceId.of("ssh"));
        assertThatThrownBy(() -> new Body.Target(twice, 0, OptionalInt.empty(), AddressClaim.OBSERVED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Body.Target(List.of(), 0, OptionalInt.of(100_000_000), AddressClaim.OBSERVED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Body.Header(1, 0, false, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AddressClaim(AddressMode.CLAIMED, Optional.of(V6), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SealRandomness(new byte[79])).isInstanceOf(IllegalArgumentException.class);
    }

    /** A log line must not have the code. */
    @Test
    void text_hidesTheCode() {
        Body.Target target = new Body.Target(List.of(), 0, OptionalInt.of(271828), AddressClaim.OBSERVED);
        assertThat(new Body.Open(new Body.Header(1, 1, false, false), 0, target).toString())
                .contains("OBSERVED")
                .doesNotContain("271828");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OBSERVED |             |               | 192.0.2.1     | 192.0.2.1
            OBSERVED |             |               | 2001:db8::5   | 2001:db8::5
            CLAIMED  | 192.0.2.1   |               | 203.0.113.1   | 192.0.2.1
            CLAIMED  | 192.0.2.1   | 2001:db8::1   | 203.0.113.1   | 192.0.2.1 2001:db8::1
            EQUAL    | 192.0.2.1   |               | 192.0.2.1     | 192.0.2.1
            EQUAL    | 192.0.2.1   | 2001:db8::1   | 2001:db8::1   | 192.0.2.1 2001:db8::1
            EQUAL    | 192.0.2.1   |               | 192.0.2.2     | wrong
            EQUAL    | 192.0.2.1   |               | 2001:db8::1   | wrong
            DUAL     | 192.0.2.1   |               | 2001:db8::5   | 2001:db8::5 192.0.2.1
            DUAL     | 192.0.2.1   | 2001:db8::1   | 192.0.2.9     | 192.0.2.9 2001:db8::1
            DUAL     | 192.0.2.1   |               | 192.0.2.1     | wrong
            """)
    void grantees_areThoseOfTheMode(AddressMode mode, String v4, String v6, String source, String expected) {
        AddressClaim claim = new AddressClaim(
                mode,
                Optional.ofNullable(v4).flatMap(Address::parse),
                Optional.ofNullable(v6).flatMap(Address::parse));

        String grantees = claim.grantees(Address.parse(source).orElseThrow())
                .map(all -> String.join(" ", all.stream().map(Address::toString).toList()))
                .orElse("wrong");

        assertThat(grantees).isEqualTo(expected);
    }
}
