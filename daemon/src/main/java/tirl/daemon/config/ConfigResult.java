package tirl.daemon.config;

import java.util.List;
import java.util.Optional;
import tirl.config.Config;
import tirl.config.Problem;

/**
 * What reading a file gave.
 *
 * @param config empty when a problem is an error
 * @param problems in the order of the file
 */
public record ConfigResult(Optional<Config> config, List<Problem> problems) {
    public ConfigResult {
        problems = List.copyOf(problems);
    }
}
