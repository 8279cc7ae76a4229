package tirl.join;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The static rule: what carries our mark is accepted. It bears a comment by which we know it again, so nothing else is ever
 * taken away.
 *
 * @param mark one bit of the packet mark
 */
public record JoinRule(int mark) {
    /**
     * Bit 12. Others are taken: 7 by AWS CNI, 13 by the CNI plug-in portmap, 14 and 15 by Kubernetes, 16 to 31 by Calico, of
     * which 16 to 23 also by Tailscale.
     */
    public static final int DEFAULT_MARK = 0x1000;

    static final String COMMENT = "tirl";
    private static final Pattern NFT_MARK = Pattern.compile("\\bmark\\b.*?0x([0-9a-f]{1,8})\\b");
    private static final Pattern IPTABLES_MARK = Pattern.compile(" --mark 0x([0-9a-f]{1,8})/0x\\1 ");

    /** The mark as tools write it. */
    public String hex() {
        return "0x" + Integer.toHexString(mark);
    }

    /** What comes after the chain's name. */
    public List<String> iptables() {
        return List.of(
                "-m", "mark", "--mark", hex() + "/" + hex(), "-m", "comment", "--comment", COMMENT, "-j", "ACCEPT");
    }

    /** What comes after the chain's name. */
    public List<String> nft() {
        return List.of("meta", "mark", "and", hex(), "==", hex(), "accept", "comment", COMMENT);
    }

    /** The mark in a rule of tirl as iptables-save writes it; 0 when the rule is somebody else's. */
    static int markInSaved(String rule) {
        boolean ours = rule.contains(" --comment " + COMMENT + " ") && rule.endsWith(" -j ACCEPT");
        return ours ? mark(IPTABLES_MARK.matcher(rule)) : 0;
    }

    /** The same for a rule as nft lists it, without its handle. */
    static int markInListed(String rule) {
        return rule.endsWith(" accept comment \"" + COMMENT + "\"") ? mark(NFT_MARK.matcher(rule)) : 0;
    }

    private static int mark(Matcher matcher) {
        return matcher.find() ? Integer.parseUnsignedInt(matcher.group(1), 16) : 0;
    }
}
