package tirl.linux.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tirl.config.Config;
import tirl.config.Config.PortRange;
import tirl.packet.LinkType;
import tirl.ruleset.CaptureFilter;

class FilterCheckTest {
    @ParameterizedTest
    @EnumSource(LinkType.class)
    void goodFilter_compilesForEveryLink(LinkType link) throws CaptureException {
        CaptureFilter filter = new CaptureFilter("(tcp dst port 7000 or udp dst port 8000) or icmp or icmp6");
        assertThat(FilterCheck.problem(filter, link)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(LinkType.class)
    void filterOfSpa_compilesForEveryLink(LinkType link) throws CaptureException {
        Config.Spa spa = new Config.Spa(
                new PortRange(40000, 50000), true, Optional.empty(), Config.Spa.DEFAULT_SKEW, Optional.empty());
        Config config = new Config(
                new Config.Host(List.of("any"), Path.of("/c"), Path.of("/s"), Config.FirewallMode.GUARD),
                PortRange.ALL,
                Set.of(),
                List.of(),
                List.of(),
                Config.Limits.DEFAULT);
        assertThat(FilterCheck.problem(CaptureFilter.of(config.withSpa(Optional.of(spa))), link))
                .isEmpty();
    }

    @Test
    void badFilter_saysWhy() throws CaptureException {
        assertThat(FilterCheck.problem(new CaptureFilter("udp dst port"), LinkType.ETHERNET))
                .hasValueSatisfying(problem -> assertThat(problem).contains("syntax error"));
    }
}
