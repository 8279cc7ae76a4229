package tirl.spa;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tirl.packet.Address;

class AnswerTest {
    private final Parties parties = new Parties(4);
    private final SealedPacket sent = parties.seal(Suite.C, Parties.open(3));
    private final AnswerKey atServer = ((OpenResult.Opened) parties.open(sent.bytes())).answerKey();

    @ParameterizedTest
    @EnumSource(Decision.class)
    void answer_arrives(Decision decision) {
        Answer answer = answer(decision);

        byte[] bytes = atServer.seal(answer, parties.bytes(AnswerKey.SALT_LENGTH));

        assertThat(bytes).hasSize(AnswerKey.ANSWER_LENGTH).hasSizeLessThan(Suite.C.length());
        assertThat(sent.answerKey().open(bytes)).contains(answer);
        assertThat(decision.text()).isNotBlank();
    }

    @Test
    void damagedOrForeignAnswer_isNone() {
        byte[] bytes = atServer.seal(answer(Decision.GRANTED), parties.bytes(AnswerKey.SALT_LENGTH));
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            assertThat(sent.answerKey().open(damaged)).isEmpty();
        }
        assertThat(parties.seal(Suite.C, Parties.open(3)).answerKey().open(bytes))
                .isEmpty();
        assertThat(sent.answerKey().open(new byte[95])).isEmpty();
        sent.answerKey().wipe();
        assertThat(sent.answerKey().open(bytes)).isEmpty();
    }

    @Test
    void unknownDecision_isNoAnswer() {
        byte[] plain = answer(Decision.GRANTED).encode();
        plain[2] = 1;
        assertThat(Answer.decode(plain)).isEmpty();
    }

    private static Answer answer(Decision decision) {
        return new Answer(
                decision, Parties.TIME_MS, 3, 1800, Address.parse("192.0.2.1").orElseThrow(), 54321);
    }
}
