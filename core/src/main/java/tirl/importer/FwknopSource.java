package tirl.importer;

import java.util.List;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.Finding;
import tirl.fwknop.access.FwknopdConf;
import tirl.fwknop.access.Stanza;

/**
 * The configuration of fwknop 2.x, read.
 *
 * @param directory where fwknopd.conf is
 * @param files fwknopd.conf first, then access.conf and what it includes
 * @param findings what tirl says of them when it serves by them
 */
public record FwknopSource(
        String directory, List<AccessFile> files, FwknopdConf conf, List<Stanza> stanzas, List<Finding> findings) {
    public FwknopSource {
        files = List.copyOf(files);
        stanzas = List.copyOf(stanzas);
        findings = List.copyOf(findings);
    }
}
