package tirl.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from fwknopd's files for the daemon. */
class FwknopFilesTest {
    @TempDir
    private Path folder = Path.of("/nonexistent");

    private FwknopFiles files(String conf) throws IOException {
        Files.writeString(folder.resolve("fwknopd.conf"), conf);
        Files.writeString(folder.resolve("access.conf"), "SOURCE ANY\nKEY key\nHMAC_KEY hmac\n");
        return FwknopFiles.read(folder);
    }

    /** Silent is where packets are heard and nothing else is: at any other port there may be somebody. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                           | 62201
            PCAP_FILTER udp port 62201                   | 62201
            PCAP_FILTER port 62201                       | 62201
            PCAP_FILTER (port 62201 or icmp)             | 62201
            PCAP_FILTER tcp port 62201                   | -1
            PCAP_FILTER tcp port 8080 or udp port 62201  | 62201
            PCAP_FILTER udp port 53                      | -1
            ENABLE_UDP_SERVER Y                          | 62201
            """)
    void silentPort_isFwknopsOwn(String conf, int port) throws IOException {
        assertThat(files(conf).silentPorts()).isEqualTo(port < 0 ? List.of() : List.of(port));
    }

    @Test
    void tcpPort_isThereWhenItIsAskedFor() throws IOException {
        assertThat(files("TCPSERV_PORT 8080\n").tcpPort()).isEmpty();
        assertThat(files("ENABLE_TCP_SERVER Y\n").tcpPort()).isEqualTo(OptionalInt.of(62_201));
        assertThat(files("ENABLE_TCP_SERVER Y\nTCPSERV_PORT 8080\n").tcpPort()).isEqualTo(OptionalInt.of(8080));
    }
}
