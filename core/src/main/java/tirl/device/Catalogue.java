package tirl.device;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tirl.door.Service;
import tirl.spa.ServiceId;

/** The services of a configuration with what packets call them, which is worked out once: it costs a hash each. */
public final class Catalogue {
    private record Entry(Service service, ServiceId id) {}

    private final List<Entry> entries;

    public Catalogue(Collection<Service> services) {
        entries = services.stream()
                .map(service -> new Entry(service, ServiceId.of(service.name())))
                .toList();
    }

    /** Those that packets call so, in the configuration's order. */
    List<Service> called(List<ServiceId> ids) {
        List<Service> found = new ArrayList<>();
        for (Entry entry : entries) {
            if (ids.contains(entry.id())) {
                found.add(entry.service());
            }
        }
        return found;
    }

    /** Those with these names, in the configuration's order. */
    List<Service> named(Collection<String> names) {
        List<Service> found = new ArrayList<>();
        for (Entry entry : entries) {
            if (names.contains(entry.service().name())) {
                found.add(entry.service());
            }
        }
        return found;
    }
}
