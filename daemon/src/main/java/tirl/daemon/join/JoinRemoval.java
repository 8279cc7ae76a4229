package tirl.daemon.join;

import java.util.ArrayList;
import java.util.List;
import tirl.join.Detection;
import tirl.join.JoinRule;
import tirl.join.OwnRule;

/** The end of join mode on this host. */
public final class JoinRemoval {
    private JoinRemoval() {}

    /** Takes away every rule that bears our comment, first where it would come back from; tells which. */
    public static List<String> removeAll() throws JoinException {
        List<String> removed = new ArrayList<>(new PermanentRules().remove());
        HostFirewalls firewalls = new HostFirewalls();
        Detection found = firewalls.check(new JoinRule(JoinRule.DEFAULT_MARK), false);
        firewalls.remove(found.own());
        for (OwnRule rule : found.own()) {
            removed.add("the join rule in " + rule.point().where());
        }
        return removed;
    }
}
