package tirl.fwknop.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import tirl.fwknop.ReplayDigest;

class DigestCacheTest {
    @Test
    void parse_linesOfFwknopd_areItsPackets() {
        String file = """
                # <digest> <proto> <src_ip> <src_port> <dst_ip> <dst_port> <time>
                fE9KvjmKPpKY9JmVhd7iA1Eyq/t1LQmmmb27QRB9Km0 17 10.77.1.1 60245 10.77.0.1 62201 1795217094

                short 17 10.77.1.1 60245 10.77.0.1 62201 1795217094
                gE9KvjmKPpKY9JmVhd7iA1Eyq/t1LQmmmb27QRB9Km0 17 10.77.1.1 60245 0.0.0.0 62201 x
                hE9KvjmKPpKY9JmVhd7iA1Eyq/t1LQmmmb27QRB9Km0 17 10.77.1.1
                """;

        assertThat(file.lines().map(DigestCache::parse).flatMap(Optional::stream))
                .containsExactly(
                        new DigestCache.Taken(
                                new ReplayDigest("fE9KvjmKPpKY9JmVhd7iA1Eyq/t1LQmmmb27QRB9Km0"), 1795217094L),
                        new DigestCache.Taken(new ReplayDigest("gE9KvjmKPpKY9JmVhd7iA1Eyq/t1LQmmmb27QRB9Km0"), 0L));
    }
}
