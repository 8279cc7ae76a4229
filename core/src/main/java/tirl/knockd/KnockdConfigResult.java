package tirl.knockd;

import java.util.List;
import tirl.config.Problem;

/** What became of a knockd.conf. */
public sealed interface KnockdConfigResult {

    /**
     * knockd would start with it.
     *
     * @param warnings what it silently takes and does not mean what it looks like
     */
    record Accepted(KnockdConfig config, List<Problem> warnings) implements KnockdConfigResult {
        public Accepted {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * knockd would not start.
     *
     * @param line 0 where knockd names none
     * @param message what knockd prints on stderr
     */
    record Refused(int line, String message) implements KnockdConfigResult {}
}
