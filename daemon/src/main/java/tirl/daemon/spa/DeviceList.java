package tirl.daemon.spa;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.device.AccessRules;
import tirl.device.DeviceLabel;
import tirl.grant.Lease;

/** Devices and invitations as the administrator sees them; without secrets. */
final class DeviceList {
    private DeviceList() {}

    /** What is picked up on the decision thread, so that the rest is not done there. */
    record View(
            String name,
            String state,
            AccessRules rules,
            long seenMs,
            long grants,
            int leases,
            Optional<Instant> validUntil,
            boolean file) {}

    static List<View> views(Devices devices) {
        Roster roster = devices.roster();
        Map<String, Integer> leases = new HashMap<>();
        for (Lease lease : devices.around().leases().live()) {
            leases.merge(DeviceLabel.device(lease.label()).orElse(""), 1, Integer::sum);
        }
        List<View> views = new ArrayList<>();
        for (Enrolled enrolled : roster.devices()) {
            Invited next = roster.invitation(enrolled.name());
            int count = enrolled.names().stream()
                    .mapToInt(name -> leases.getOrDefault(name, 0))
                    .sum();
            views.add(new View(
                    enrolled.name(),
                    state(enrolled, next != null && !next.revoked),
                    enrolled.device.rules(),
                    enrolled.seenMs,
                    enrolled.use.grants(),
                    count,
                    Optional.ofNullable(next).map(open -> open.invitation.validUntil()),
                    enrolled.file));
        }
        for (Invited invited : roster.invitations()) {
            if (roster.device(invited.name()) == null) {
                views.add(new View(
                        invited.name(),
                        invited.revoked ? "revoking" : "invited",
                        invited.invitation.rules(),
                        0,
                        0,
                        0,
                        Optional.of(invited.invitation.validUntil()),
                        false));
            }
        }
        return views;
    }

    private static String state(Enrolled enrolled, boolean replacing) {
        if (enrolled.revoked) {
            return "revoking";
        }
        if (replacing || enrolled.old.isPresent()) {
            return "replacing";
        }
        return enrolled.number == Enrolled.NOWHERE ? "expired" : "device";
    }

    static List<Map<String, Object>> of(List<View> views) {
        return views.stream().map(DeviceList::describe).toList();
    }

    private static Map<String, Object> describe(View view) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", view.name());
        fields.put("state", view.state());
        fields.putAll(DeviceText.fields(view.rules()));
        fields.put("most-leases", view.rules().leases());
        if (view.rules().code().isPresent()) {
            fields.put("code", true);
        }
        if (view.seenMs() > 0) {
            fields.put("last-seen", Instant.ofEpochMilli(view.seenMs()).toString());
        }
        fields.put("grants", view.grants());
        fields.put("leases", view.leases());
        view.validUntil().ifPresent(until -> fields.put("valid-until", until.toString()));
        if (view.file()) {
            fields.put("file", true);
        }
        return fields;
    }

    /** Of a device, else of an invitation. */
    static Optional<AccessRules> rules(Roster roster, String name) {
        Enrolled enrolled = roster.device(name);
        Invited invited = roster.invitation(name);
        if (enrolled != null) {
            return Optional.of(enrolled.device.rules());
        }
        return Optional.ofNullable(invited).map(open -> open.invitation.rules());
    }
}
