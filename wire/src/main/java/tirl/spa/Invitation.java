package tirl.spa;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * All that a device needs to enrol (section 9.1). Its text is a secret.
 *
 * @param host the server's name or address as the client reaches it
 * @param validUntil unix seconds
 */
public record Invitation(
        X25519PublicKey server,
        InvitationSecret secret,
        String host,
        Carriers carriers,
        boolean classical,
        long validUntil) {
    /** The longest host name. */
    public static final int LONGEST_HOST = 100;

    private static final String SCHEME = "TIRL:";
    private static final String CHECKSUM_LABEL = "invitation ";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:-]{1," + LONGEST_HOST + "}");
    private static final byte VERSION = 1;
    private static final int UDP = 1;
    private static final int ICMP = 2;
    private static final int CLASSICAL = 4;

    public Invitation {
        if (!isHost(host) || validUntil < 0 || validUntil > 0xffff_ffffL) {
            throw new IllegalArgumentException("host " + host + ", valid until " + validUntil);
        }
    }

    /** Whether an invitation can name this host. */
    public static boolean isHost(String name) {
        return HOST.matcher(name).matches();
    }

    /**
     * How packets reach the server.
     *
     * @param firstPort the first UDP port of a range, 0 without UDP
     * @param lastPort the last one
     */
    public record Carriers(int firstPort, int lastPort, boolean icmp) {
        public Carriers {
            if (!isWellFormed(firstPort, lastPort, icmp)) {
                throw new IllegalArgumentException("ports " + firstPort + "-" + lastPort + ", ICMP " + icmp);
            }
        }

        static boolean isWellFormed(int firstPort, int lastPort, boolean icmp) {
            boolean noUdp = firstPort == 0 && lastPort == 0;
            return noUdp ? icmp : firstPort > 0 && firstPort <= lastPort && lastPort <= 0xffff;
        }

        boolean udp() {
            return firstPort > 0;
        }
    }

    /** The URI, in capitals: the alphanumeric mode of a QR code. */
    public String toUri() {
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        byte[] secretBytes = secret.bytes();
        int flags = (carriers.udp() ? UDP : 0) | (carriers.icmp() ? ICMP : 0) | (classical ? CLASSICAL : 0);
        byte[] payload = ByteBuffer.allocate(75 + name.length)
                .put(VERSION)
                .put((byte) flags)
                .put(server.bytes())
                .put(secretBytes)
                .putInt((int) validUntil)
                .putShort((short) carriers.firstPort())
                .putShort((short) carriers.lastPort())
                .put((byte) name.length)
                .put(name)
                .array();
        String uri = Base32.write(SCHEME, CHECKSUM_LABEL, payload);
        Bytes.wipe(secretBytes, payload);
        return uri;
    }

    /** Empty when the text is no invitation of this version, or has a typing error. */
    public static Optional<Invitation> parse(String uri) {
        return Base32.read(SCHEME, CHECKSUM_LABEL, uri).flatMap(payload -> {
            try {
                return read(ByteBuffer.wrap(payload));
            } catch (BufferUnderflowException tooShort) {
                return Optional.empty();
            } finally {
                Bytes.wipe(payload);
            }
        });
    }

    private static Optional<Invitation> read(ByteBuffer in) {
        byte version = in.get();
        int flags = in.get();
        byte[] server = new byte[X25519PublicKey.LENGTH];
        byte[] secret = new byte[InvitationSecret.LENGTH];
        in.get(server).get(secret);
        long validUntil = Integer.toUnsignedLong(in.getInt());
        int firstPort = Short.toUnsignedInt(in.getShort());
        int lastPort = Short.toUnsignedInt(in.getShort());
        byte[] name = new byte[Byte.toUnsignedInt(in.get())];
        in.get(name);
        String host = new String(name, StandardCharsets.ISO_8859_1);
        boolean icmp = (flags & ICMP) != 0;
        if (version != VERSION
                || (flags & ~(UDP | ICMP | CLASSICAL)) != 0
                || in.hasRemaining()
                || !HOST.matcher(host).matches()
                || !Carriers.isWellFormed(firstPort, lastPort, icmp)
                || ((flags & UDP) != 0) != (firstPort > 0)) {
            return Optional.empty();
        }
        Invitation invitation = new Invitation(
                new X25519PublicKey(server),
                new InvitationSecret(secret),
                host,
                new Carriers(firstPort, lastPort, icmp),
                (flags & CLASSICAL) != 0,
                validUntil);
        Bytes.wipe(secret);
        return Optional.of(invitation);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Invitation[" + host + ", " + carriers + ", valid until " + validUntil + "]";
    }
}
