package tirl.spa;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.packet.Address;

/** The 64 bytes of a body (section 5). Reading is strict: one meaning has one form. */
final class BodyCodec {
    private static final byte VERSION = 1;
    private static final byte OPEN = 1;
    private static final byte CLOSE = 2;
    private static final byte REGISTER = 3;
    private static final byte ROTATE = 4;

    private static final int ANSWER = 1;
    private static final int CODE = 2;
    private static final int REHEARSE = 4;

    private static final byte[] NO_IPV4 = new byte[4];
    private static final byte[] NO_IPV6 = new byte[16];

    private BodyCodec() {}

    static byte[] encode(Body body) {
        ByteBuffer out = ByteBuffer.allocate(Suite.BODY_LENGTH);
        switch (body) {
            case Body.Open(var header, var seconds, var target) -> {
                header(out, OPEN, header, target.code().isPresent() ? CODE : 0, target.address());
                target(out.putInt(seconds), target);
            }
            case Body.Close(var header, var target) -> {
                header(out, CLOSE, header, target.code().isPresent() ? CODE : 0, target.address());
                target(out.putInt(0), target);
            }
            case Body.Register(var header, var device) -> {
                header(out, REGISTER, header, 0, AddressClaim.OBSERVED);
                out.put(device.bytes());
            }
            case Body.Rotate(var header, var device) -> {
                header(out, ROTATE, header, 0, AddressClaim.OBSERVED);
                out.put(device.bytes());
            }
        }
        return out.array();
    }

    @SuppressWarnings("EnumOrdinal") // AddressMode is in the order of the wire
    private static void header(ByteBuffer out, byte kind, Body.Header header, int code, AddressClaim address) {
        int flags = (header.answer() ? ANSWER : 0) | code | (header.rehearse() ? REHEARSE : 0);
        out.put(VERSION)
                .put(kind)
                .put((byte) flags)
                .put((byte) address.mode().ordinal())
                .putLong(header.timeMs())
                .putLong(header.counter());
    }

    private static void target(ByteBuffer out, Body.Target target) {
        for (int i = 0; i < Body.Target.MOST_SERVICES; i++) {
            out.putInt(i < target.services().size() ? target.services().get(i).value() : 0);
        }
        out.putInt(target.grant()).putInt(target.code().orElse(0));
        out.put(target.address().ipv4().map(Address::bytes).orElse(NO_IPV4));
        out.put(target.address().ipv6().map(Address::bytes).orElse(NO_IPV6));
    }

    /** Empty when the bytes are not a body of this version in its one form. */
    static Optional<Body> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        byte kind = in.get();
        int flags = in.get();
        int mode = in.get();
        long timeMs = in.getLong();
        long counter = in.getLong();
        if (version != VERSION || (flags & ~(ANSWER | CODE | REHEARSE)) != 0 || timeMs < 0 || counter == 0) {
            return Optional.empty();
        }
        Body.Header header = new Body.Header(timeMs, counter, (flags & ANSWER) != 0, (flags & REHEARSE) != 0);
        boolean code = (flags & CODE) != 0;
        return switch (kind) {
            case OPEN -> {
                int seconds = in.getInt();
                yield target(in, mode, code).map(target -> new Body.Open(header, seconds, target));
            }
            case CLOSE ->
                in.getInt() == 0
                        ? target(in, mode, code).map(target -> new Body.Close(header, target))
                        : Optional.empty();
            case REGISTER -> deviceKey(in, mode, code).map(key -> new Body.Register(header, key));
            case ROTATE -> deviceKey(in, mode, code).map(key -> new Body.Rotate(header, key));
            default -> Optional.empty();
        };
    }

    private static Optional<Body.Target> target(ByteBuffer in, int modeNumber, boolean hasCode) {
        List<ServiceId> services = new ArrayList<>();
        boolean ended = false;
        for (int i = 0; i < Body.Target.MOST_SERVICES; i++) {
            int service = in.getInt();
            if (ended && service != 0) {
                return Optional.empty();
            }
            ended = service == 0;
            if (!ended) {
                services.add(new ServiceId(service));
            }
        }
        int grant = in.getInt();
        int codeNumber = in.getInt();
        OptionalInt code = hasCode ? OptionalInt.of(codeNumber) : OptionalInt.empty();
        Optional<Address> ipv4 = address(in, NO_IPV4.length);
        Optional<Address> ipv6 = address(in, NO_IPV6.length);
        AddressMode[] modes = AddressMode.values();
        if (modeNumber < 0
                || modeNumber >= modes.length
                || (!hasCode && codeNumber != 0)
                || !Body.Target.isWellFormed(services, code)
                || !AddressClaim.isWellFormed(modes[modeNumber], ipv4, ipv6)) {
            return Optional.empty();
        }
        return Optional.of(new Body.Target(services, grant, code, new AddressClaim(modes[modeNumber], ipv4, ipv6)));
    }

    /** Zeros stand for none. */
    private static Optional<Address> address(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        Address address = Address.ofBytes(bytes);
        return address.isUnspecified() && isZero(bytes) ? Optional.empty() : Optional.of(address);
    }

    private static Optional<X25519PublicKey> deviceKey(ByteBuffer in, int mode, boolean code) {
        byte[] key = new byte[X25519PublicKey.LENGTH];
        in.get(key);
        byte[] reserved = new byte[in.remaining()];
        in.get(reserved);
        return mode == 0 && !code && isZero(reserved) ? Optional.of(new X25519PublicKey(key)) : Optional.empty();
    }

    static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
