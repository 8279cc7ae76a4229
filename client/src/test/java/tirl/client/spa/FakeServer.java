package tirl.client.spa;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tirl.client.profile.Identity;
import tirl.client.profile.Profile.Proof;
import tirl.packet.Address;
import tirl.spa.AddressMode;
import tirl.spa.Answer;
import tirl.spa.AnswerKey;
import tirl.spa.Body;
import tirl.spa.CheckedPacket;
import tirl.spa.Decision;
import tirl.spa.EnrolmentSecret;
import tirl.spa.GateKeys;
import tirl.spa.Invitation;
import tirl.spa.InvitationSecret;
import tirl.spa.KemSeed;
import tirl.spa.OpenResult;
import tirl.spa.Opener;
import tirl.spa.SharedKeys;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/** A server of one invitation on the loopback interface, as strict as the protocol: tokens once, counters once. */
final class FakeServer implements AutoCloseable {
    private final SecureRandom random = new SecureRandom();
    private final DatagramChannel channel;
    private final X25519PrivateKey key = new X25519PrivateKey(bytes(32));
    private final Set<Long> spentTokens = new HashSet<>();
    private final Set<Long> seenCounters = new HashSet<>();
    private Optional<SharedKeys> invited;
    private Optional<Device> device = Optional.empty();
    private Optional<Device> next = Optional.empty();

    final InvitationSecret secret = new InvitationSecret(bytes(32));
    final KemSeed seed = secret.kemSeed(key.publicKey());
    final List<Body> opened = Collections.synchronizedList(new ArrayList<>());
    /** So many of the packets to come are lost on the way. */
    final AtomicInteger lose = new AtomicInteger();
    /** So many of the answers to come are lost on the way. */
    final AtomicInteger loseAnswers = new AtomicInteger();
    /** What is sent before the right answer, by whom ever. */
    volatile List<byte[]> noise = List.of();

    volatile Decision decision = Decision.GRANTED;
    final AtomicLong skewMs = new AtomicLong();
    final AtomicLong highest = new AtomicLong();
    volatile Runnable onGrant = () -> {};

    private record Device(X25519PublicKey key, EnrolmentSecret enrolment, SharedKeys keys) {}

    FakeServer() throws IOException {
        channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        invited = Optional.of(secret.keys(key.publicKey()));
        Thread.ofPlatform().daemon().name("server").start(this::run);
    }

    InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }

    int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    Invitation invitation() throws IOException {
        return new Invitation(
                key.publicKey(),
                secret,
                "127.0.0.1",
                new Invitation.Carriers(port(), port(), false),
                true,
                System.currentTimeMillis() / 1000 + 3600);
    }

    /** A profile of a device that was not registered yet. */
    Proof.Spa profile() throws IOException {
        Identity identity = new Identity(
                key.publicKey(),
                new X25519PrivateKey(bytes(32)),
                secret.enrolment(key.publicKey()),
                seed.publicKey(),
                Optional.empty());
        return new Proof.Spa(
                identity, invitation().carriers(), true, List.of("ssh"), AddressMode.OBSERVED, List.of(), false, true);
    }

    /** The same, registered. */
    Proof.Spa registered() throws IOException {
        Proof.Spa profile = profile();
        enrol(profile.identity().device().publicKey());
        return profile;
    }

    Tools tools(Path counter, Tools.Rekeying rekeying) throws IOException {
        return new Tools(
                new Counter(counter), new UdpCarrier(port(), port(), random), random, InstantSource.system(), rekeying);
    }

    synchronized void enrol(X25519PublicKey device) {
        this.device = Optional.of(device(device, secret.enrolment(key.publicKey())));
        invited = Optional.empty();
    }

    /** As if the device, or the invitation, had been taken back. */
    synchronized void forgetAll() {
        device = Optional.empty();
        invited = Optional.empty();
    }

    synchronized Optional<X25519PublicKey> device() {
        return device.map(Device::key);
    }

    private Device device(X25519PublicKey device, EnrolmentSecret enrolment) {
        return new Device(
                device, enrolment, SharedKeys.atServer(key, device, enrolment).orElseThrow());
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(2000);
        while (true) {
            try {
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer.clear());
                byte[] packet = new byte[buffer.flip().remaining()];
                buffer.get(packet);
                if (lose.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                    on(packet, from);
                }
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private synchronized void on(byte[] packet, InetSocketAddress from) throws IOException {
        Optional<OpenResult.Opened> byInvited = invited.flatMap(keys -> open(packet, keys));
        Optional<OpenResult.Opened> byNext = next.flatMap(one -> open(packet, one.keys()));
        Optional<OpenResult.Opened> byDevice = device.flatMap(one -> open(packet, one.keys()));
        if (byInvited.isPresent()) {
            Body.Register body = (Body.Register) byInvited.get().body();
            enrol(body.device());
            answer(byInvited.get(), from, Decision.REGISTERED);
        } else if (byNext.isPresent()) {
            device = next;
            next = Optional.empty();
            decide(byNext.get(), from);
        } else if (byDevice.isPresent()) {
            if (byDevice.get().body() instanceof Body.Rotate rotate) {
                EnrolmentSecret enrolment = device.orElseThrow().enrolment().rotated(key.publicKey(), rotate.device());
                next = Optional.of(device(rotate.device(), enrolment));
                answer(byDevice.get(), from, Decision.REGISTERED);
            } else {
                decide(byDevice.get(), from);
            }
        }
    }

    /** As the receiver of the protocol: the token must be live and not spent, the counter new. */
    private Optional<OpenResult.Opened> open(byte[] packet, SharedKeys keys) {
        long token = ByteBuffer.wrap(packet).getLong();
        long epoch = GateKeys.epochOf(System.currentTimeMillis());
        boolean live = false;
        for (long each = epoch - 1; each <= epoch + 1; each++) {
            for (long one : keys.gate().tokens(each)) {
                live |= one == token;
            }
        }
        Optional<CheckedPacket> checked = Opener.check(packet, keys);
        if (!live || spentTokens.contains(token) || checked.isEmpty()) {
            return Optional.empty();
        }
        if (!(Opener.open(checked.get(), key, seed) instanceof OpenResult.Opened result)) {
            return Optional.empty();
        }
        spentTokens.add(token);
        long counter = result.body().header().counter();
        if (!seenCounters.add(counter) || counter < highest.get() - 256) {
            return Optional.empty();
        }
        highest.accumulateAndGet(counter, Math::max);
        opened.add(result.body());
        return Optional.of(result);
    }

    private void decide(OpenResult.Opened result, InetSocketAddress from) throws IOException {
        Decision now = decision;
        if (now == Decision.GRANTED) {
            onGrant.run();
            if (result.body() instanceof Body.Close) {
                now = Decision.CLOSED;
            } else if (result.body().header().rehearse()) {
                now = Decision.REHEARSED;
            }
        }
        answer(result, from, now);
    }

    private void answer(OpenResult.Opened result, InetSocketAddress from, Decision now) throws IOException {
        Body.Header header = result.body().header();
        if (!header.answer() || loseAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return;
        }
        for (byte[] each : noise) {
            channel.send(ByteBuffer.wrap(each), from);
        }
        Answer answer = new Answer(
                now,
                System.currentTimeMillis() + skewMs.get(),
                header.counter(),
                now == Decision.GRANTED ? 7200 : 0,
                Address.of(from.getAddress()),
                from.getPort());
        channel.send(ByteBuffer.wrap(result.answerKey().seal(answer, bytes(AnswerKey.SALT_LENGTH))), from);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
