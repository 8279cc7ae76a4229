package tirl.pipeline;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tirl.config.Notation;
import tirl.door.BreakGlass;
import tirl.grant.BreakGlassSets;
import tirl.grant.BreakGlassSets.Entry;
import tirl.grant.FirewallException;
import tirl.grant.GrantRequest;
import tirl.packet.Address;

/**
 * Keeps break-glass dormant while the decision loop works, and when it has slept or is new, tells of and takes over what
 * the kernel opened meanwhile.
 */
public final class BreakGlassWatch {
    /** More names than this in one line help nobody. */
    private static final int NAMED = 10;

    private final BreakGlassSets sets;
    private final Pipeline pipeline;
    private final Consumer<String> report;

    public BreakGlassWatch(BreakGlassSets sets, Pipeline pipeline, Consumer<String> report) {
        this.sets = sets;
        this.pipeline = pipeline;
        this.report = report;
    }

    /** One beat of the heart. */
    public void beat(BreakGlass glass, long nowNs) throws FirewallException {
        sets.beat(glass.after());
        takeOver(glass, nowNs);
    }

    /** Makes leases of what the kernel opened by itself: they can be listed and revoked like any other. */
    public void takeOver(BreakGlass glass, long nowNs) throws FirewallException {
        tell();
        List<Address> taken = new ArrayList<>();
        for (Entry entry : sets.open()) {
            GrantRequest request = new GrantRequest(entry.source(), BreakGlass.LABEL, glass.ports(), entry.left());
            if (pipeline.takeOver(request, nowNs).isPresent()) {
                taken.add(entry.source());
            }
        }
        // Only now: at no moment is a port shut that was open.
        sets.shut(taken);
    }

    /** Reports each use once, however long ago it was. */
    public void tell() throws FirewallException {
        List<Entry> used = sets.used();
        if (used.isEmpty()) {
            return;
        }
        String sources = used.stream()
                .limit(NAMED)
                .map(entry -> entry.source() + " (" + ago(entry) + " ago)")
                .collect(Collectors.joining(", "));
        String more = used.size() > NAMED ? " and " + (used.size() - NAMED) + " more" : "";
        report.accept("break-glass was used while no healthy daemon was heard of, by " + used.size()
                + (used.size() == 1 ? " address: " : " addresses: ") + sources + more);
        sets.forget(used.stream().map(Entry::source).toList());
    }

    private static String ago(Entry entry) {
        return Notation.write(entry.since().truncatedTo(ChronoUnit.SECONDS));
    }
}
