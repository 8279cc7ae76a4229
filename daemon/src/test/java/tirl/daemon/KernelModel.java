package tirl.daemon;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import tirl.grant.Firewall;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.ruleset.GuardRuleset;

/** A kernel in memory that outlives daemons: elements end by themselves, each call is one step to everybody. */
final class KernelModel implements Firewall {
    private record Element(String label, long endNs) {}

    private final Map<Opening, Element> elements = new HashMap<>();
    private final LongSupplier nowNs;
    private boolean installed;
    private Fate fate = new Fate(0);

    KernelModel(LongSupplier nowNs) {
        this.nowNs = nowNs;
    }

    void serve(Fate daemon) {
        fate = daemon;
    }

    /** Somebody flushes all rules. */
    void flush() {
        elements.clear();
        installed = false;
    }

    /** When this shuts; empty when it is shut. */
    Optional<Long> endNs(Opening opening) {
        return Optional.ofNullable(elements.get(opening)).map(Element::endNs).filter(end -> end > nowNs.getAsLong());
    }

    List<Opening> open() {
        return elements.keySet().stream()
                .filter(opening -> endNs(opening).isPresent())
                .toList();
    }

    private void step(String what, Runnable effect) {
        fate.step("before " + what);
        effect.run();
        fate.step("after " + what);
    }

    @Override
    public void install(GuardRuleset ruleset) {
        step("install", () -> installed = true);
    }

    @Override
    public boolean isInstalled() {
        return installed;
    }

    @Override
    public void open(Collection<TimedOpening> openings) {
        step(
                "open",
                () -> openings.forEach(timed -> elements.put(
                        timed.opening(),
                        new Element(
                                timed.label(), nowNs.getAsLong() + timed.left().toNanos()))));
    }

    @Override
    public void close(Collection<Opening> openings) {
        step("close", () -> openings.forEach(elements::remove));
    }

    @Override
    public CompletableFuture<Map<Opening, Integer>> cut(Collection<Opening> openings) {
        return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public List<TimedOpening> openings() {
        return open().stream()
                .map(opening -> new TimedOpening(
                        opening, Duration.ofNanos(endNs(opening).orElseThrow() - nowNs.getAsLong()), label(opening)))
                .toList();
    }

    private String label(Opening opening) {
        Element element = elements.get(opening);
        return element == null ? "" : element.label();
    }

    @Override
    public void uninstall() {
        flush();
    }
}
