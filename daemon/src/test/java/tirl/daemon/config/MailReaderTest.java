package tirl.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.config.Config;
import tirl.config.Mail;

class MailReaderTest {
    private static final String START = "[daemon]\ninterfaces = [\"any\"]\n[mail]\n";
    private static final String LEAST = "to = \"ops@a.org\"\nfrom = \"t@a.org\"\nserver = \"smtp.a.org\"\n";

    @Test
    void fewestKeys_haveSafeDefaults() {
        Mail mail =
                ConfigReader.parse(START + LEAST).config().flatMap(Config::mail).orElseThrow();

        assertThat(mail.server())
                .isEqualTo(
                        new Mail.Server("smtp.a.org", 587, Mail.Security.STARTTLS, Optional.empty(), Optional.empty()));
        assertThat(mail.on()).isEqualTo(Mail.DEFAULT_ON);
        assertThat(mail.digest()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void allKeys_areRead() {
        Mail mail =
                ConfigReader.parse(START + """
                        to = ["ops@a.org", "b@a.org", "ops@a.org"]
                        from = "t@a.org"
                        server = "::1"
                        port = 2525
                        security = "tls"
                        ca = "/etc/ca.pem"
                        user = "u"
                        password-file = "/etc/p"
                        on = ["opened", "not-cut"]
                        digest = "5m"
                        """).config().flatMap(Config::mail).orElseThrow();

        assertThat(mail.to()).containsExactly("ops@a.org", "b@a.org");
        assertThat(mail.server())
                .isEqualTo(new Mail.Server(
                        "::1",
                        2525,
                        Mail.Security.TLS,
                        Optional.of(new Mail.Login("u", Path.of("/etc/p"))),
                        Optional.of(Path.of("/etc/ca.pem"))));
        assertThat(mail.on()).isEqualTo(Set.of(Mail.Kind.OPENED, Mail.Kind.NOT_CUT));
        assertThat(ConfigReader.parse("[daemon]\ninterfaces = [\"any\"]\n")
                        .config()
                        .flatMap(Config::mail))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    on = ["opened", "knocked"]           | 7:17: on: "knocked" is nothing that is mailed
                    on = []                              | 7:1: on is empty
                    security = "ssl"                     | 7:1: security: "ssl" is no security
                    user = "u"                           | 7:1: user needs "password-file" beside it
                    password-file = "/etc/p"             | 7:1: password-file needs "user" beside it
                    digest = "2d"                        | 7:1: digest: mails are 1s to 1d apart, not 2d
                    password = "x"                       | 7:1: "password" means nothing in [mail]
                    """)
    void mistakes_areToldWithTheirPlace(String line, String problem) {
        ConfigResult result = ConfigReader.parse(START + LEAST + line + "\n");

        assertThat(result.config()).isEmpty();
        assertThat(result.problems())
                .singleElement()
                .extracting(one -> one.at("f"))
                .asString()
                .contains("f:" + problem);
    }

    @Test
    void passwordInClear_isRefused_butToThisHost() {
        String login = "security = \"none\"\nuser = \"u\"\npassword-file = \"/etc/p\"\n";

        assertThat(ConfigReader.parse(START + LEAST + login).problems())
                .singleElement()
                .extracting(one -> one.at("f"))
                .asString()
                .contains("could read the password");
        assertThat(ConfigReader.parse(START + LEAST.replace("smtp.a.org", "127.0.0.1") + login)
                        .config())
                .isPresent();
    }
}
