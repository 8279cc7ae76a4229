package tirl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tirl.config.Config;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.FirewallException;
import tirl.grant.Policy;
import tirl.recognise.Doors;
import tirl.recognise.SequenceRecogniser;
import tirl.ruleset.GuardRuleset;

/** When which rules go to the kernel, and with how much time. */
class TrialTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 5 * SECOND;

    private final FakeFirewall kernel = new FakeFirewall();
    private final Config confirmed = Doors.config(List.of()).withServices(List.of());
    private final Config next = Doors.config(List.of());
    private final SequenceRecogniser recogniser = new SequenceRecogniser(next, 0);
    private final Pipeline pipeline = new Pipeline(recogniser, new Policy(Config.Limits.DEFAULT), kernel, new Nobody());

    @Test
    void rulesPutBack_haveTheTimeThatIsLeft() throws FirewallException {
        begin();
        pipeline.restore(next, START + 45 * SECOND);

        assertThat(kernel.tried)
                .extracting(trial -> trial.left())
                .containsExactly(Duration.ofSeconds(60), Duration.ofSeconds(15));
        assertThat(kernel.tried.getLast().confirmed()).isEqualTo(GuardRuleset.of(confirmed));
        assertThat(kernel.tried.getLast().next()).isEqualTo(GuardRuleset.of(next));
    }

    /** The kernel has gone back; rules that somebody took away then come back as they were before the trial. */
    @Test
    void rulesPutBack_afterTheTime_areTheConfirmedOnes() throws FirewallException {
        begin();
        pipeline.restore(next, START + 60 * SECOND);

        assertThat(kernel.tried).hasSize(1);
        assertThat(kernel.installed).containsExactly(GuardRuleset.of(confirmed));
    }

    @Test
    void confirmed_isForGood() throws FirewallException {
        begin();
        pipeline.reload(next, recogniser, Optional.empty(), START + SECOND);
        pipeline.restore(next, START + 90 * SECOND);

        assertThat(kernel.installed).containsExactly(GuardRuleset.of(next), GuardRuleset.of(next));
    }

    @Test
    void refusedByTheKernel_isStillOnTrial() throws FirewallException {
        begin();
        kernel.refuses = true;
        assertThatThrownBy(() -> pipeline.reload(next, recogniser, Optional.empty(), START + SECOND))
                .isInstanceOf(FirewallException.class);
        kernel.refuses = false;
        pipeline.restore(next, START + 2 * SECOND);

        assertThat(kernel.installed).isEmpty();
        assertThat(kernel.tried.getLast().left()).isEqualTo(Duration.ofSeconds(58));
    }

    private void begin() throws FirewallException {
        pipeline.reload(next, recogniser, Optional.of(new Trial(confirmed, START + 60 * SECOND)), START);
    }

    private static final class Nobody implements EventSink {
        @Override
        public boolean wantsProgress() {
            return false;
        }

        @Override
        public void accept(Event event) {
            throw new AssertionError(event);
        }
    }
}
