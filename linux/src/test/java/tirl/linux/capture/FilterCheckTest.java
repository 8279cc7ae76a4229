package tirl.linux.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tirl.packet.LinkType;
import tirl.ruleset.CaptureFilter;

class FilterCheckTest {
    @ParameterizedTest
    @EnumSource(LinkType.class)
    void goodFilter_compilesForEveryLink(LinkType link) throws CaptureException {
        CaptureFilter filter = new CaptureFilter("(tcp dst port 7000 or udp dst port 8000) or icmp or icmp6");
        assertThat(FilterCheck.problem(filter, link)).isEmpty();
    }

    @Test
    void badFilter_saysWhy() throws CaptureException {
        assertThat(FilterCheck.problem(new CaptureFilter("udp dst port"), LinkType.ETHERNET))
                .hasValueSatisfying(problem -> assertThat(problem).contains("syntax error"));
    }
}
