package tirl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tirl.client.fwknop.FwknopException;
import tirl.client.fwknop.Keys;
import tirl.client.fwknop.Plan;
import tirl.client.fwknop.RcFile;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;

/** New keys, by the options of fwknop's client. */
final class FwknopGeneration {
    @Option(
            names = {"-k", "--key-gen"},
            description = "make keys, and end")
    private boolean wanted;

    @Option(
            names = {"-K", "--key-gen-file"},
            paramLabel = "FILE",
            description = "write them to this file")
    private @Nullable Path file;

    @Option(names = "--key-len", paramLabel = "BYTES", description = "default: 32, which is the most")
    private @Nullable Integer keyLength;

    @Option(names = "--hmac-key-len", paramLabel = "BYTES", description = "default: as fwknop, by --hmac-digest-type")
    private @Nullable Integer hmacLength;

    boolean isWanted() {
        return wanted || file != null;
    }

    /** The option that does nothing, as no keys are made. */
    Optional<String> unused() {
        if (isWanted() || (keyLength == null && hmacLength == null)) {
            return Optional.empty();
        }
        return Optional.of((keyLength == null ? "--hmac-key-len" : "--key-len") + " does nothing without --key-gen");
    }

    /** To the stanza that is saved, to a file or to standard output. */
    void run(Plan plan, Values said, FwknopRc rc, PrintWriter out) throws IOException, FwknopException {
        int length = hmacLength == null ? Keys.hmacLength(plan.digest(Variable.HMAC_DIGEST_TYPE)) : hmacLength;
        Keys made = Keys.generate(keyLength == null ? Keys.CIPHER_LENGTH : keyLength, length, new SecureRandom());
        if (file != null) {
            RcFile.write(file, made.text());
            out.println("[+] Wrote Rijndael and HMAC keys to: " + file);
        } else if (!rc.isSave()) {
            out.print(made.text());
            out.flush();
        }
        if (rc.isSave()) {
            Values generated = new Values();
            generated.set(Variable.KEY_BASE64, made.cipher());
            generated.set(Variable.HMAC_KEY_BASE64, made.hmac());
            generated.set(Variable.USE_HMAC, "Y");
            out.println("[+] Wrote Rijndael and HMAC keys to rc file: " + rc.save(generated.over(said)));
        }
    }
}
