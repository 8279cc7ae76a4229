package tirl.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.daemon.control.ControlException;
import tirl.daemon.control.ControlRequests;
import tirl.daemon.spa.DeviceRequests;
import tirl.door.Door;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.grant.FirewallException;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.packet.Address;
import tirl.pipeline.Counters;

/** Answers requests from the control socket, on the decision thread. */
final class Requests implements ControlRequests {
    private static final Duration DEFAULT_GRANT = Duration.ofMinutes(10);
    private static final int PATIENCE_SECONDS = 10;

    private final Daemon daemon;
    private final Instant started = Instant.now();
    private final CompletableFuture<String> removed = new CompletableFuture<>();
    private volatile boolean removeAtEnd;

    Requests(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public Object answer(Map<String, Object> request) throws ControlException {
        String command = String.valueOf(request.get("command"));
        if (DeviceRequests.COMMANDS.contains(command)) {
            return daemon.spa().answer(request);
        }
        return switch (command) {
            case "status" -> daemon.loop().call(this::status);
            case "leases" -> daemon.loop().call(this::leases);
            case "grant" -> daemon.loop().call(() -> grant(request));
            case "revoke" -> revoke(text(request, "what"), Boolean.TRUE.equals(request.get("cut")));
            case "reload" -> daemon.reload().now();
            case "try" -> tryOut(request);
            case "confirm" -> confirm();
            case "rollback" -> daemon.loop().call(() -> daemon.trials().goBack("as a person on this host wants"));
            case "stop" -> stop(Boolean.TRUE.equals(request.get("keep")));
            case String unknown -> throw new ControlException("this daemon knows no request \"" + unknown + "\"");
        };
    }

    @Override
    public void watch(BlockingQueue<Map<String, Object>> queue) {
        daemon.events().add(queue);
    }

    @Override
    public void unwatch(BlockingQueue<Map<String, Object>> queue) {
        daemon.events().remove(queue);
    }

    private static String text(Map<String, Object> request, String key) throws ControlException {
        if (request.get(key) instanceof String text) {
            return text;
        }
        throw new ControlException("the request needs the text \"" + key + "\"");
    }

    /** The text comes with the request, as the daemon may not be allowed to look where the file is; without it, its own. */
    private String tryOut(Map<String, Object> request) throws ControlException {
        Duration within = request.containsKey("within") ? duration(text(request, "within")) : Trials.DEFAULT_TIME;
        boolean replaces = request.containsKey("text");
        Path name = replaces ? Path.of(text(request, "name")) : daemon.file();
        Loaded next = replaces ? Loaded.of(text(request, "text"), name, daemon.log()) : Loaded.now(name, daemon.log());
        return daemon.reload().tryOut(next, name, replaces, within);
    }

    /** When nothing is on trial, a file that is held back is used from now on. */
    private String confirm() throws ControlException {
        Trials trials = daemon.trials();
        return daemon.loop().call(trials::isFileHeldBack)
                ? daemon.reload().now()
                : daemon.loop().call(() -> trials.confirm("a person on this host"));
    }

    private Map<String, Object> status() {
        Counters counters = daemon.pipeline().counters();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("up", Duration.between(started, Instant.now()).toSeconds());
        status.put("doors", daemon.config().doors().stream().map(Door::name).toList());
        status.put(
                "guarded",
                daemon.config().services().stream()
                        .flatMap(service -> service.ports().stream())
                        .distinct()
                        .map(ServicePort::toString)
                        .toList());
        daemon.trials().status().ifPresent(trial -> status.put("trial", trial));
        if (daemon.trials().isFileHeldBack()) {
            status.put("not-in-use", daemon.file().toString());
        }
        status.put("leases", daemon.pipeline().leaseCount());
        status.put("half-done", daemon.pipeline().halfDone());
        status.put("opened", counters.opened());
        status.put("denied", counters.denied());
        status.put("advanced", counters.advanced());
        status.put("rejected", counters.rejected());
        status.put("packets", daemon.intake().counts());
        daemon.spa().status().ifPresent(spa -> status.put("spa", spa));
        daemon.fwknop().status().ifPresent(fwknop -> status.put("fwknop", fwknop));
        status.put("store", daemon.storeTrouble().orElse("good"));
        status.put("interfaces", interfaces());
        return status;
    }

    private List<Map<String, Object>> interfaces() {
        List<Map<String, Object>> all = new ArrayList<>();
        daemon.captureStatistics().forEach(statistics -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("interface", statistics.iface());
            one.put("listening", statistics.open());
            one.put("received", statistics.received());
            one.put("dropped", statistics.dropped());
            all.add(one);
        });
        return all;
    }

    private List<Map<String, Object>> leases() {
        long nowNs = System.nanoTime();
        return daemon.pipeline().leases().stream()
                .map(lease -> describe(lease, nowNs))
                .toList();
    }

    private static Map<String, Object> describe(Lease lease, long nowNs) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", lease.id());
        fields.put("source", lease.source().toString());
        fields.put("door", lease.label());
        fields.put("ports", EventText.portNames(lease.ports()));
        lease.nat().ifPresent(nat -> fields.put("to", nat.toString()));
        fields.put("left", EventText.seconds(lease.left(nowNs)));
        return fields;
    }

    private Map<String, Object> grant(Map<String, Object> request) throws ControlException {
        Address source = address(text(request, "source"));
        String name = text(request, "service");
        Service service = daemon.config().services().stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ControlException("there is no service \"" + name + "\"; there is "
                        + daemon.config().services().stream().map(Service::name).toList()));
        Duration duration = request.containsKey("for") ? duration(text(request, "for")) : DEFAULT_GRANT;
        long nowNs = System.nanoTime();
        String label = "grant:" + name;
        return daemon.pipeline()
                .grant(new GrantRequest(source, label, service.ports(), duration), nowNs)
                .map(lease -> describe(lease, nowNs))
                .orElseThrow(() -> new ControlException("denied; the daemon's log says why"));
    }

    private record Revoked(Map<String, Object> lease, CompletableFuture<Integer> connections) {}

    /** By the number of a lease, or all leases of an address; waits for what is cut, but not on the decision thread. */
    private List<Map<String, Object>> revoke(String what, boolean cut) throws ControlException {
        List<Map<String, Object>> leases = new ArrayList<>();
        for (Revoked each : daemon.loop().call(() -> revokeNow(what, cut))) {
            try {
                each.lease().put("cut", each.connections().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ControlException("interrupted", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new ControlException(
                        "the lease is over and its packets are stopped, but its connections are not " + "forgotten: "
                                + e,
                        e);
            }
            leases.add(each.lease());
        }
        return leases;
    }

    private List<Revoked> revokeNow(String what, boolean cut) throws ControlException {
        long nowNs = System.nanoTime();
        List<Lease> chosen = daemon.pipeline().leases().stream()
                .filter(lease -> what.equals(Long.toString(lease.id()))
                        || Address.parse(what).filter(lease.source()::equals).isPresent())
                .toList();
        if (chosen.isEmpty()) {
            throw new ControlException("no lease has the number or the address \"" + what + "\"");
        }
        List<Revoked> revoked = new ArrayList<>();
        try {
            for (Lease lease : chosen) {
                revoked.add(
                        new Revoked(describe(lease, nowNs), daemon.pipeline().revoke(lease, nowNs, cut)));
            }
        } catch (FirewallException e) {
            throw new ControlException("the kernel did not take it back: " + e.reason(), e);
        }
        return revoked;
    }

    private static Address address(String text) throws ControlException {
        return Address.parse(text)
                .orElseThrow(() -> new ControlException(
                        "\"" + text + "\" is no address; write it in numbers, such as 192.0.2.7 or 2001:db8::7"));
    }

    private static Duration duration(String text) throws ControlException {
        try {
            return Notation.duration(text);
        } catch (NotationException e) {
            throw new ControlException(e.problem(), e);
        }
    }

    private String stop(boolean keep) throws ControlException {
        removeAtEnd = !keep;
        daemon.loop().stop();
        try {
            return removed.get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ControlException("the daemon did not stop in time", e);
        }
    }

    /** The last act of the decision thread: a signal leaves the ports shut, only `tirl stop` opens them to everyone. */
    void finish() {
        if (!removeAtEnd) {
            daemon.trials().tellAtEnd();
            daemon.log()
                    .notice(daemon.place() + " stays: guarded ports are shut but for live leases; "
                            + "`tirl uninstall` opens them to everyone");
            daemon.trials()
                    .inKernel()
                    .breakGlass()
                    .ifPresent(glass -> daemon.log()
                            .notice("break-glass works in about " + Notation.write(glass.after()) + " from now"));
            removed.complete("stopped; the guarded ports stay shut");
            return;
        }
        try {
            daemon.unguard();
            removed.complete("stopped; " + daemon.place() + " is gone and nothing is guarded");
        } catch (FirewallException e) {
            removed.complete("stopped, but " + daemon.place() + " is still there: " + e.reason());
        }
    }
}
