package tirl.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.client.fwknop.FwknopException;
import tirl.packet.Address;

/** Asks a web server which address this host has as others see it. */
final class FwknopLookup {
    private static final int PATIENCE = 10_000;
    private static final int LONGEST = 4096;
    private static final Pattern IPV4 = Pattern.compile("(?<![\\d.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\d.])");

    private FwknopLookup() {}

    static Address ask(String url, String agent) throws FwknopException {
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw new FwknopException("--resolve-url takes an http or https address, not " + url);
        }
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE);
            connection.setReadTimeout(PATIENCE);
            connection.setRequestProperty("User-Agent", agent);
            try (InputStream body = connection.getInputStream()) {
                Matcher matcher = IPV4.matcher(new String(body.readNBytes(LONGEST), StandardCharsets.ISO_8859_1));
                if (matcher.find()) {
                    return Address.parse(matcher.group())
                            .orElseThrow(() -> new FwknopException(url + " answered with no address"));
                }
                throw new FwknopException(url + " answered with no address");
            } finally {
                connection.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new FwknopException(
                    url + " does not say this host's address: " + e.getMessage() + "; say it yourself: -a ADDRESS");
        }
    }
}
