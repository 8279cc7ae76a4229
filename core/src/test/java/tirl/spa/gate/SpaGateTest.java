package tirl.spa.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.spa.Answer;
import tirl.spa.AnswerKey;
import tirl.spa.Body;
import tirl.spa.Decision;
import tirl.spa.GateKeys;
import tirl.spa.Refusal;
import tirl.spa.SealedPacket;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;

class SpaGateTest {
    private static final Address HOME = Address.parse("192.0.2.7").orElseThrow();
    private static final Address AWAY = Address.parse("2001:db8::66").orElseThrow();
    private static final long START_MS = Crowd.NOW_MS - 1_000_000;

    private final Crowd crowd = new Crowd(1);
    private final Crowd.Device laptop = crowd.device("laptop");
    private final Crowd.Device phone = crowd.device("phone");
    private final Carrier carrier = new Carrier();
    private final PeerBook peers = new PeerBook();
    private SpaGate gate = new SpaGate(peers, SpaGate.Settings.at(START_MS), Crowd.NOW_MS, 9);
    private long nowMs = Crowd.NOW_MS;
    private long nowNs = 1;

    @BeforeEach
    void enrol() {
        gate.add(laptop.peer());
        gate.add(phone.peer());
    }

    private Optional<Admission> on(byte[] payload) {
        return gate.on(carrier.udp(HOME, payload), nowNs, nowMs);
    }

    private String outcome(byte[] payload) {
        return on(payload)
                .map(admission -> switch (admission) {
                    case Admission.Admitted admitted -> "admitted " + admitted.peer();
                    case Admission.Untimely untimely -> "untimely " + untimely.reason();
                    case Admission.Refused refused -> "refused " + refused.reason();
                })
                .orElse("nothing");
    }

    @Test
    void honestPackets_areAdmittedOnce() {
        byte[] packet = laptop.open(1);
        assertThat(outcome(packet)).isEqualTo("admitted device laptop");
        assertThat(outcome(packet)).isEqualTo("nothing");
        assertThat(outcome(phone.open(1))).isEqualTo("admitted device phone");
        assertThat(gate.admitted()).isEqualTo(2);
        assertThat(laptop.peer().window().highest()).isEqualTo(1);
    }

    @Test
    void revokedPeer_thatComesAgain_isHeardUnderItsNewNumber_butNotTwice() {
        byte[] used = laptop.open(1);
        assertThat(outcome(used)).isEqualTo("admitted device laptop");
        byte[] before = laptop.open(2);
        PeerBook.EpochTable next = new PeerBook(peers).table(GateKeys.epochOf(nowMs), 9);
        gate.remove(0);
        assertThat(outcome(before)).isEqualTo("nothing");
        Peer again = laptop.again();
        gate.add(again);
        assertThat(outcome(used)).isEqualTo("nothing");
        assertThat(outcome(before)).isEqualTo("admitted device laptop");
        // A table that was begun before it went.
        gate.use(next);
        assertThat(outcome(before)).isEqualTo("nothing");
        assertThat(outcome(laptop.open(3))).isEqualTo("admitted device laptop");
        assertThat(again.window().highest()).isEqualTo(3);
    }

    @Test
    void peerThatIsChanged_keepsItsTokensAndItsWindow() {
        assertThat(outcome(laptop.open(1))).isEqualTo("admitted device laptop");
        gate.change(0, "desk", false);
        assertThat(outcome(laptop.open(1))).isEqualTo("nothing");
        assertThat(outcome(laptop.open(2))).isEqualTo("admitted device desk");
        gate.change(0, "desk", true);
        assertThat(outcome(laptop.open(3))).isEqualTo("refused LENGTH");
    }

    @Test
    void echoAndIpv6_carryPacketsToo() {
        Body.Header header = new Body.Header(nowMs, 1, true, false);
        Body.Rotate body = new Body.Rotate(header, phone.key().publicKey());
        SealedPacket sealed = laptop.seal(Suite.H, laptop.keys(), body, nowMs);

        assertThat(gate.on(carrier.echo(AWAY, sealed.bytes()), nowNs, nowMs)).hasValueSatisfying(admission -> {
            Admission.Admitted admitted = (Admission.Admitted) admission;
            assertThat(admitted.body()).isEqualTo(body);
            assertThat(admitted.source()).isEqualTo(AWAY);
            assertThat(peers.peer(admitted.number())).isSameAs(laptop.peer());
            Answer answer = new Answer(Decision.CLOSED, nowMs, 1, 0, AWAY, admitted.port());
            byte[] sent = admitted.answerKey().seal(answer, crowd.bytes(AnswerKey.SALT_LENGTH));
            assertThat(sealed.answerKey().open(sent)).contains(answer);
        });
    }

    /** Garbage behind an overheard token, before the honest packet arrives: no key agreement, and it still opens. */
    @Test
    void overheardToken_isNotBurnt() {
        byte[] packet = laptop.open(1);
        Random random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            byte[] garbage = new byte[i % 10 == 0 ? 1232 : 144];
            random.nextBytes(garbage);
            System.arraycopy(packet, 0, garbage, 0, 8 + i % 8);
            assertThat(outcome(garbage)).isEqualTo("refused CHECK");
        }
        assertThat(laptop.peer().budget().has(nowNs)).isTrue();
        assertThat(outcome(packet)).isEqualTo("admitted device laptop");
    }

    /** Random and mutated packets change nothing: afterwards every honest packet is as welcome as before. */
    @Test
    void hostilePackets_changeNothing() {
        Random random = new Random(3);
        byte[][] honest = {laptop.open(1), laptop.open(2), phone.open(1)};
        for (int i = 0; i < 100_000; i++) {
            byte[] packet = honest[random.nextInt(honest.length)].clone();
            if (i % 3 == 0) {
                random.nextBytes(packet);
            } else if (i % 3 == 1) {
                packet[random.nextInt(packet.length)] ^= (byte) (1 + random.nextInt(255));
            } else {
                packet = Arrays.copyOf(packet, random.nextBoolean() ? 1232 : random.nextInt(144));
            }
            assertThat(outcome(packet)).isIn("nothing", "refused CHECK");
        }
        assertThat(gate.admitted()).isZero();
        assertThat(laptop.peer().window().highest()).isZero();
        for (byte[] packet : honest) {
            assertThat(outcome(packet)).startsWith("admitted");
        }
    }

    @Test
    void reorderedPackets_areAllAdmitted() {
        for (long counter : new long[] {5, 3, 9, 4, 1, 8, 2, 7, 6}) {
            assertThat(outcome(laptop.open(counter))).isEqualTo("admitted device laptop");
        }
    }

    @Test
    void restart_refusesWhatWasAcceptedAndWhatIsOlder() {
        byte[] accepted = laptop.open(1);
        byte[] kept = laptop.open(2);
        assertThat(outcome(accepted)).startsWith("admitted");

        restart(laptop.peer().window().toLongs(), nowMs - 10_000);
        assertThat(outcome(accepted)).isEqualTo("refused REPLAY");
        assertThat(outcome(accepted)).isEqualTo("nothing");
        assertThat(outcome(kept)).startsWith("admitted");
        // The counters are lost, or are those of an old backup: the boot floor stands in.
        restart(new ReplayWindow().toLongs(), nowMs + 1);
        assertThat(outcome(accepted)).isEqualTo("untimely BEFORE_START");
        assertThat(outcome(laptop.open(9, nowMs + 1))).startsWith("admitted");
    }

    private void restart(long[] window, long startMs) {
        PeerBook book = new PeerBook();
        Peer old = laptop.peer();
        book.add(new Peer(old.name(), false, crowd.server, old.keys(), laptop.seed(), ReplayWindow.of(window), false));
        gate = new SpaGate(book, SpaGate.Settings.at(startMs), nowMs, 10);
    }

    /** As on a host that boots with an hour too much on its clock, which NTP then takes away. */
    @Test
    void clockSetBackBehindTheStart_shutsNobodyOut() {
        byte[] used = laptop.open(1);
        assertThat(outcome(used)).startsWith("admitted");
        long startMs = nowMs;
        restart(laptop.peer().window().toLongs(), startMs);
        gate.clockIs(nowMs, nowNs);
        nowNs += 5_000_000_000L;
        nowMs = startMs + 5_000 - 3_600_000;
        gate.use(new PeerBook(peers).table(GateKeys.epochOf(nowMs), 11));
        byte[] recorded = laptop.open(2, nowMs - 5_001);
        byte[] honest = laptop.open(3, nowMs - 5_000);
        gate.clockIs(nowMs, nowNs);

        assertThat(outcome(recorded)).isEqualTo("untimely BEFORE_START");
        assertThat(outcome(honest)).startsWith("admitted");
        nowMs = startMs + 5_000;
        gate.clockIs(nowMs, nowNs);
        gate.use(new PeerBook(peers).table(GateKeys.epochOf(nowMs), 12));
        assertThat(outcome(laptop.open(4, startMs - 1))).isEqualTo("untimely BEFORE_START");
        assertThat(outcome(used)).isIn("nothing", "refused REPLAY");
    }

    @Test
    void clockSetBackAndForth_reopensNothing() {
        byte[] packet = laptop.open(1);
        assertThat(outcome(packet)).startsWith("admitted");
        for (long jumpMs : new long[] {3_600_000, 0, -3_600_000, 0}) {
            nowMs = Crowd.NOW_MS + jumpMs;
            gate.use(new PeerBook(peers).table(GateKeys.epochOf(nowMs), 11));
            assertThat(gate.epoch()).isEqualTo(GateKeys.epochOf(nowMs));
            assertThat(outcome(packet)).isIn("nothing", "refused REPLAY");
        }
        assertThat(outcome(laptop.open(2))).startsWith("admitted");
    }

    @Test
    void nextEpoch_keepsConsumedTokensAndWhoCameMeanwhile() {
        byte[] used = laptop.open(1);
        byte[] unused = laptop.open(2);
        assertThat(outcome(used)).startsWith("admitted");
        PeerBook.EpochTable next = new PeerBook(peers).table(gate.epoch() + 1, 12);
        Crowd.Device late = crowd.device("late");
        gate.add(late.peer());

        gate.use(next);

        assertThat(outcome(used)).isEqualTo("nothing");
        assertThat(outcome(unused)).startsWith("admitted");
        assertThat(outcome(late.open(1))).isEqualTo("admitted device late");
        assertThat(peers.size()).isEqualTo(3);
    }

    @Test
    void wrongClock_isToldAndChangesNothing() {
        assertThat(outcome(laptop.open(1, nowMs - 90_001, nowMs))).isEqualTo("untimely STALE");
        assertThat(outcome(laptop.open(2, nowMs + 90_001, nowMs))).isEqualTo("untimely FUTURE");
        assertThat(outcome(laptop.open(3, nowMs, nowMs + 2 * GateKeys.EPOCH_MS)))
                .isEqualTo("nothing");
        assertThat(laptop.peer().window().highest()).isZero();
        assertThat(outcome(laptop.open(4, nowMs - 90_000, nowMs - 90_000))).startsWith("admitted");
        assertThat(outcome(laptop.open(4, nowMs - 90_001, nowMs + 600_000))).isEqualTo("refused STALE");
        assertThat(gate.refused(Refusal.STALE)).isEqualTo(2);
    }

    /** 17 authentic packets at once: the 17th waits its ten seconds, and other devices do not wait for it. */
    @Test
    void budget_isPerPeer() {
        for (int counter = 1; counter <= 16; counter++) {
            assertThat(outcome(laptop.open(counter))).startsWith("admitted");
        }
        byte[] next = laptop.open(17, nowMs, nowMs + 600_000);
        assertThat(outcome(next)).isEqualTo("refused BUDGET");
        assertThat(outcome(phone.open(1))).startsWith("admitted");
        nowNs += 10_000_000_000L;
        assertThat(outcome(next)).startsWith("admitted");
    }

    @Test
    void budgetOfAll_holds() {
        gate = new SpaGate(peers, new SpaGate.Settings(START_MS, 90_000, 2), nowMs, 13);
        assertThat(outcome(laptop.open(1))).startsWith("admitted");
        assertThat(outcome(laptop.open(2))).startsWith("admitted");
        assertThat(outcome(phone.open(1))).isEqualTo("refused BUDGET");
        nowNs += 500_000_000;
        assertThat(outcome(phone.open(1))).startsWith("admitted");
    }

    private Look.Agreement begin(byte[] payload) {
        return (Look.Agreement) gate.look(carrier.udp(HOME, payload), nowNs).orElseThrow();
    }

    @Test
    void copy_whileTheFirstIsBeingOpened_costsNoAgreement() {
        byte[] packet = laptop.open(1);
        Look.Agreement first = begin(packet);

        assertThat(outcome(packet)).isEqualTo("refused TOKEN");
        assertThat(outcome(laptop.open(2))).isEqualTo("admitted device laptop");
        assertThat(gate.finish(first, first.open(), nowMs)).isInstanceOf(Admission.Admitted.class);
        assertThat(outcome(packet)).isEqualTo("nothing");
    }

    @Test
    void agreementThatNobodyHadTimeFor_isAsIfThePacketHadBeenLost() {
        byte[] packet = laptop.open(1);

        assertThat(gate.drop(begin(packet)).reason()).isEqualTo(Refusal.BUSY);

        assertThat(gate.refused(Refusal.BUSY)).isEqualTo(1);
        assertThat(outcome(packet)).isEqualTo("admitted device laptop");
    }

    @Test
    void revokedOrChanged_whileItsPacketIsBeingOpened() {
        Look.Agreement renamed = begin(laptop.open(1));
        Look.Agreement revoked = begin(phone.open(1));
        gate.change(0, "desk", false);
        gate.remove(1);

        assertThat(gate.finish(renamed, renamed.open(), nowMs))
                .isInstanceOfSatisfying(
                        Admission.Admitted.class,
                        admitted -> assertThat(admitted.peer().name()).isEqualTo("desk"));
        assertThat(gate.finish(revoked, revoked.open(), nowMs))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.TOKEN));
    }

    @Test
    void revoked_isNoise() {
        Crowd.Device lost = crowd.device("lost");
        int number = gate.add(lost.peer());
        byte[] packet = lost.open(1);

        gate.remove(number);
        gate.remove(number);

        assertThat(outcome(packet)).isEqualTo("nothing");
        assertThat(peers.all()).containsExactly(laptop.peer(), phone.peer());
    }

    @Test
    void invitation_registersAndNothingElse() {
        Crowd.Device guest = crowd.device("guest");
        SharedKeys keys = guest.invitation().keys(crowd.server.publicKey());
        int number = gate.add(new Peer("guest", true, crowd.server, keys, guest.seed(), new ReplayWindow(), false));
        X25519PrivateKey key = guest.key();
        Body.Register register = new Body.Register(new Body.Header(nowMs, 2, false, false), key.publicKey());
        Body.Rotate rotate = new Body.Rotate(new Body.Header(nowMs, 1, false, false), key.publicKey());

        assertThat(outcome(guest.seal(Suite.C, keys, rotate, nowMs).bytes())).isEqualTo("refused BODY");
        assertThat(outcome(laptop.seal(Suite.C, laptop.keys(), register, nowMs).bytes()))
                .isEqualTo("refused BODY");
        assertThat(outcome(guest.seal(Suite.H, keys, register, nowMs).bytes())).isEqualTo("admitted invitation guest");

        gate.remove(number);
        gate.add(guest.peer());
        Body.Header again = new Body.Header(nowMs, 3, false, false);
        assertThat(outcome(guest.seal(Suite.H, keys, new Body.Register(again, key.publicKey()), nowMs)
                        .bytes()))
                .isEqualTo("nothing");
        assertThat(outcome(guest.open(1))).isEqualTo("admitted device guest");
    }

    @Test
    void hybridOnly_refusesClassical() {
        Crowd.Device careful = crowd.device("careful");
        Peer peer = new Peer(
                "careful", false, crowd.server, careful.peer().keys(), careful.seed(), new ReplayWindow(), true);
        gate.add(peer);
        Body.Rotate body = new Body.Rotate(
                new Body.Header(nowMs, 1, false, false), careful.key().publicKey());

        assertThat(outcome(careful.open(1))).isEqualTo("refused LENGTH");
        assertThat(outcome(careful.seal(Suite.H, careful.keys(), body, nowMs).bytes()))
                .startsWith("admitted");
    }

    /** From a stranger's packet to its counter, both lengths and neither. */
    @Test
    void garbage_allocatesNothing() {
        for (int length : new int[] {144, 1232, 100}) {
            Packet packet = carrier.udp(HOME, crowd.bytes(length));
            long allocated = new ThreadMeter().allocated(() -> {
                for (int i = 0; i < 100_000; i++) {
                    var _ = gate.on(packet, nowNs, nowMs);
                }
            });
            assertThat(allocated).as(length + " octets").isLessThan(10_000);
        }
    }

    @Test
    void everyReason_hasItsCounter() {
        on(new byte[3]);
        on(new byte[144]);
        assertThat(gate.refused(Refusal.LENGTH)).isEqualTo(1);
        assertThat(gate.refused(Refusal.TOKEN)).isEqualTo(1);
        assertThat(List.of(Refusal.values())).allMatch(reason -> !reason.text().isEmpty());
    }
}
