package tirl.linux.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NftCommandTest {
    @Test
    void syntaxError_isShownWithoutEchoAndArrows() {
        assertThat(NftCommand.explained("""
                /dev/stdin:1:5-9: Error: syntax error, unexpected string
                add tabel inet tirl
                    ^^^^^
                """)).isEqualTo("Error: syntax error, unexpected string");
    }

    @Test
    void permissionError_namesTheCapability() {
        assertThat(NftCommand.explained("Operation not permitted (you must be root)\n"))
                .isEqualTo("Operation not permitted (you must be root); " + NftablesFirewall.NEEDS_CAPABILITY);
    }

    @Test
    void anythingElse_isShownInOneLine() {
        assertThat(NftCommand.explained("netlink: cache\ninitialization failed\n"))
                .isEqualTo("netlink: cache initialization failed");
    }
}
