package tirl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is promised of hooks: who was opened for by a start command has a stop command run for it, once. Only the moment of the
 * death may leave a stop command without a start command, or one that runs once more because it was not known that it ran.
 */
final class CrashHooks {
    private CrashHooks() {}

    /**
     * @param beforeDeath how many had run by then
     */
    static void check(List<String> hooks, int beforeDeath) {
        Map<String, Boolean> open = new HashMap<>();
        int strays = 0;
        for (int i = 0; i < hooks.size(); i++) {
            String[] words = hooks.get(i).split(" ", 2);
            boolean isOpen = open.getOrDefault(words[1], false);
            if (words[0].equals("start")) {
                assertThat(isOpen)
                        .as("started twice: %s in %s", hooks.get(i), hooks)
                        .isFalse();
                open.put(words[1], true);
            } else {
                if (!isOpen) {
                    assertThat(i)
                            .as("stopped twice: %s in %s", hooks.get(i), hooks)
                            .isGreaterThanOrEqualTo(beforeDeath);
                    strays++;
                }
                open.put(words[1], false);
            }
        }
        // One thread runs the hooks, so the death met one of them at most.
        assertThat(strays).as("stop commands without a start in %s", hooks).isLessThan(2);
        assertThat(open.values()).as("forgotten stop commands in %s", hooks).doesNotContain(true);
    }

    /** The stop command of a lease that lives has not run. */
    static void checkNotEarly(List<String> hooks, CrashOracle oracle, long nowNs) {
        Map<String, String> last = new HashMap<>();
        hooks.forEach(hook -> last.put(hook.split(" ", 2)[1], hook));
        last.values().stream().filter(hook -> hook.startsWith("stop hooked ")).forEach(hook -> {
            String[] words = hook.split(" ", 3);
            assertThat(oracle.isCertainlyLive(words[2], words[1], nowNs))
                    .as("%s ran while the lease lives; %s", hook, hooks)
                    .isFalse();
        });
    }
}
