package tirl.daemon.config;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tirl.config.Config;
import tirl.daemon.pgp.GnupgDecryption;
import tirl.daemon.pgp.KeyRingException;
import tirl.fwknop.access.FwknopdVariable;
import tirl.fwknop.access.Gpg;

/** The GnuPG keys of fwknop's stanzas. */
public final class FwknopKeyRings {
    private FwknopKeyRings() {}

    /** The same for a configuration that was found good; empty without stanzas that have GnuPG keys. */
    public static Optional<GnupgDecryption> load(Config config) throws KeyRingException {
        return config.fwknop().isPresent()
                ? load(FwknopFiles.read(config.fwknop().get().directory()))
                : Optional.empty();
    }

    /** Reads and unlocks them, which takes as long as gpg-agent wants it to. */
    public static Optional<GnupgDecryption> load(FwknopFiles files) throws KeyRingException {
        List<Gpg> stanzas = files.stanzas().stream()
                .flatMap(stanza -> stanza.keys().gpg().stream())
                .toList();
        if (stanzas.isEmpty()) {
            return Optional.empty();
        }
        Path home = Path.of(files.conf().text(FwknopdVariable.GPG_HOME_DIR).orElseThrow());
        return Optional.of(GnupgDecryption.load(stanzas, home, InstantSource.system()));
    }
}
