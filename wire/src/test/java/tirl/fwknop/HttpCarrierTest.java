package tirl.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpCarrierTest {
    /** What fwknop 2.6.10 sent with {@code -P http}, key "abc", no HMAC. */
    private static final String RECORDED =
            "GET /97fO2Y4swVYCLDuiNMHl_ukQMcdTccA9Ajt7nr-lmY8-LbVO1ugQKha8uOCsG0mh-XHy16p9Wk6stfJR_glp95QXy1K2wzs6BAuXPz_470yakdmG"
                    + "zGOfx2rMOGDEU_CnrpitSmuG01MYvNx4tc6v7aNloJGPwYysQ HTTP/1.0\r\nUser-Agent: Fwknop/2.6.10\r\n"
                    + "Accept: */*\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

    private static Optional<HttpCarrier.Request> read(String request) {
        return HttpCarrier.read(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void recordedRequest_isReadAndWrittenAgain() {
        HttpCarrier.Request request = read(RECORDED).orElseThrow();
        CipherKey key = new CipherKey("abc".getBytes(StandardCharsets.US_ASCII), EncryptionMode.CBC);

        assertThat(Envelope.open(request.payload(), key, Optional.empty())).isInstanceOf(OpenResult.Opened.class);
        assertThat(request.isFromFwknop()).isTrue();
        assertThat(request.forwardedFor()).isEmpty();
        assertThat(HttpCarrier.write(request.packet(), "127.0.0.1", Optional.empty(), "Fwknop/2.6.10"))
                .isEqualTo(RECORDED);
    }

    @Test
    void proxiedRequest_namesTheServer() {
        assertThat(HttpCarrier.write("a+b/c", "proxy", Optional.of("http://192.0.2.99"), "Fwknop/1"))
                .startsWith("GET http://192.0.2.99/a-b_c HTTP/1.0\r\nUser-Agent: Fwknop/1\r\n");
    }

    @Test
    void headers_areReadInAnyCaseAndOnlyAboveTheBody() {
        String start = "GET /" + "a".repeat(140) + " HTTP/1.1\r\n";

        assertThat(read(start + "x-FORWARDED-for:  192.0.2.1, 10.0.0.1 \r\nuser-agent: curl\r\n\r\n")
                        .orElseThrow())
                .isEqualTo(new HttpCarrier.Request(
                        "a".repeat(140), Optional.of("curl"), Optional.of("192.0.2.1, 10.0.0.1")));
        assertThat(read(start + "\r\nUser-Agent: Fwknop\r\n").orElseThrow().isFromFwknop())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET",
                "GET /",
                "GET / HTTP/1.0\r\n\r\n",
                "POST /",
                "GET http://x/",
                "GET /\0\r\n\r\n",
                "get /"
            })
    void otherRequests_carryNothing(String start) {
        assertThat(read(start)).isEmpty();
        assertThat(read(start.isEmpty() || !start.startsWith("GET /") ? start + "a".repeat(200) : start))
                .isEmpty();
        assertThat(read("GET /" + "a".repeat(1500) + " HTTP/1.0\r\n\r\n")).isEmpty();
        assertThat(read("GET /" + "a".repeat(200) + " HTTP/1.0\r\n" + "x".repeat(4096)))
                .isEmpty();
    }
}
