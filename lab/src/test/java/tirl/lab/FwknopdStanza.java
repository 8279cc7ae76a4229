package tirl.lab;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tirl.client.fwknop.FwknopException;
import tirl.client.fwknop.Keys;
import tirl.client.fwknop.Secret;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;

/**
 * What a client and the real fwknopd agree on.
 *
 * @param lines of access.conf
 * @param values of the client
 */
record FwknopdStanza(String name, String lines, Values values, Secret secret) {
    /** FW_ACCESS_TIMEOUT of each. */
    static final int SECONDS = 3000;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String COMMON =
            "SOURCE ANY\nENABLE_CMD_EXEC Y\nMAX_FW_TIMEOUT 3600\nFW_ACCESS_TIMEOUT " + SECONDS + "\n";

    /** Every mode with every HMAC that goes with it. */
    static List<FwknopdStanza> rijndael() throws FwknopException {
        List<FwknopdStanza> all = new ArrayList<>();
        for (EncryptionMode mode : EncryptionMode.values()) {
            // The legacy mode's servers know no HMAC.
            for (Optional<DigestType> hmac :
                    mode == EncryptionMode.LEGACY ? List.of(Optional.<DigestType>empty()) : hmacs()) {
                Keys keys = Keys.generate(mode == EncryptionMode.LEGACY ? 16 : 32, 64, RANDOM);
                Values values = new Values();
                values.set(Variable.ENCRYPTION_MODE, mode.text());
                all.add(with(
                        mode.text(),
                        "KEY_BASE64 " + keys.cipher() + "\nENCRYPTION_MODE " + mode.text() + "\n",
                        hmac,
                        keys,
                        values,
                        Optional.of(Secret.bytes("key", keys.cipher(), true))));
            }
        }
        return all;
    }

    /** GnuPG with every HMAC. The one without is last: with the same keys, it would try every packet of the others. */
    static List<FwknopdStanza> gnupg(FwknopGnupg rings) throws FwknopException {
        List<FwknopdStanza> all = new ArrayList<>();
        for (Optional<DigestType> hmac : hmacs().reversed()) {
            Keys keys = Keys.generate(32, 64, RANDOM);
            all.add(with("GnuPG", rings.stanza(true), hmac, keys, rings.values(), Optional.empty()));
        }
        return all;
    }

    private static List<Optional<DigestType>> hmacs() {
        return Stream.concat(
                        Stream.of(Optional.<DigestType>empty()),
                        Arrays.stream(DigestType.values()).map(Optional::of))
                .toList();
    }

    private static FwknopdStanza with(
            String mode, String lines, Optional<DigestType> hmac, Keys keys, Values values, Optional<byte[]> cipher)
            throws FwknopException {
        String more = "";
        Optional<byte[]> secret = Optional.empty();
        if (hmac.isPresent()) {
            String type = hmac.get().text();
            more = "HMAC_KEY_BASE64 " + keys.hmac() + "\nHMAC_DIGEST_TYPE " + type + "\n";
            values.set(Variable.HMAC_DIGEST_TYPE, type);
            secret = Optional.of(Secret.bytes("HMAC key", keys.hmac(), true));
        }
        return new FwknopdStanza(
                mode + ", " + hmac.map(DigestType::text).orElse("no HMAC"),
                COMMON + lines + more,
                values,
                new Secret(cipher, secret));
    }

    @Override
    public String toString() {
        return name;
    }
}
