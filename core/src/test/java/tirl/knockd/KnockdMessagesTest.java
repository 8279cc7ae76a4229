package tirl.knockd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tirl.packet.Address;

/** Byte for byte, as in the binary of knockd 0.8 and as it was seen in its logs. */
class KnockdMessagesTest {
    private static final Address SOURCE = Address.parse("10.0.0.2").orElseThrow();

    @Test
    void everyMessage_isKnockds() {
        Map<String, String> messages = new LinkedHashMap<>();
        messages.put("starting up, listening on eth0", KnockdMessages.startingUp("eth0"));
        messages.put("S: d: Stage 2", KnockdMessages.stage("S", "d", 2));
        messages.put("S: d: OPEN SESAME", KnockdMessages.openSesame("S", "d"));
        messages.put("S: d: sequence timeout (stage 1)\n", KnockdMessages.sequenceTimeout("S", "d", 1));
        messages.put("d: running command: ls\n", KnockdMessages.runningCommand("d", "ls"));
        messages.put("d: command returned non-zero status code (3)", KnockdMessages.commandStatus("d", 3));
        messages.put("S: d: command timeout", KnockdMessages.commandTimeout("S", "d"));
        messages.put(
                "error: parsed start command has been truncated! --> won't execute it",
                KnockdMessages.startCommandTooLong());
        messages.put(
                "error: parsed stop command has been truncated! --> won't execute start command",
                KnockdMessages.stopCommandTooLong());
        messages.put("error: command fork failed!", KnockdMessages.forkFailed());
        messages.put("re-reading config file: /c\n", KnockdMessages.rereadingConfig("/c"));
        messages.put("re-opening log file: /l\n", KnockdMessages.reopeningLog("/l"));
        messages.put("closing log file: /l", KnockdMessages.closingLog("/l"));
        messages.put("shutting down", KnockdMessages.shuttingDown());
        messages.put(
                "no more sequences left in the one time sequences file for door d --> disabling the door\n",
                KnockdMessages.noMoreSequences("d"));
        messages.put(
                "error while disabling used one time sequence for door d --> disabling the door\n",
                KnockdMessages.cannotDisableSequence("d"));
        messages.put("error: section d: too many ports in knock sequence\n", KnockdMessages.tooManyPorts("d"));
        messages.put("error: section d: unknown protocol in knock sequence\n", KnockdMessages.unknownProtocol("d"));
        messages.put("could not create pid file /p: why", KnockdMessages.cannotCreatePidFile("/p", "why"));
        messages.put("could not open eth0: why", KnockdMessages.cannotOpen("eth0", "why"));
        messages.put("error: unsupported link-layer type: 7", KnockdMessages.unsupportedLinkType(7));
        messages.put("listening on eth0...", KnockdMessages.listening("eth0"));
        messages.put("waiting for child processes...", KnockdMessages.waitingForChildren());
        messages.put("closing...", KnockdMessages.closing());
        messages.put("local IP: 10.0.0.2", KnockdMessages.localAddress(SOURCE));
        messages.put("/c: No such file or directory", KnockdMessages.cannotRead("/c", "No such file or directory"));
        messages.put("10.0.0.2", KnockdMessages.source(SOURCE));
        messages.put("10.0.0.2 (host)", KnockdMessages.source(SOURCE, "host"));
        messages.forEach((expected, message) -> assertThat(message).isEqualTo(expected));
        assertThat(messages).hasSize(28);
    }

    @Test
    void logLine_hasMinutesAndAnEmptyLineAfterSome() {
        LocalDateTime time = LocalDateTime.of(2026, 1, 2, 3, 4, 59);
        assertThat(KnockdMessages.logLine(time, KnockdMessages.stage("10.0.0.2", "d", 1)))
                .isEqualTo("[2026-01-02 03:04] 10.0.0.2: d: Stage 1\n");
        assertThat(KnockdMessages.logLine(time, KnockdMessages.sequenceTimeout("10.0.0.2", "d", 1)))
                .isEqualTo("[2026-01-02 03:04] 10.0.0.2: d: sequence timeout (stage 1)\n\n");
    }
}
