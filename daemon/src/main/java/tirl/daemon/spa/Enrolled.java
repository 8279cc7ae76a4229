package tirl.daemon.spa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tirl.device.Device;
import tirl.device.DeviceUse;

/** A device and how it stands now. Belongs to the decision thread. */
final class Enrolled {
    /** Its key is not in the gate: its time is over, or it is being revoked. */
    static final int NOWHERE = -1;

    Device device;
    int number = NOWHERE;
    Optional<OldKey> old = Optional.empty();
    DeviceUse use = DeviceUse.NONE;
    /** 0 for never. */
    long seenMs;
    /** Names before, which leases may still have. */
    final List<String> former = new ArrayList<>();
    /** From the directory of device files, and so not in the store. */
    final boolean file;
    /** It is out of the gate, but perhaps still in the store. */
    boolean revoked;
    /** A change of it is on its way to the disk. */
    final Underway underway = new Underway();

    Enrolled(Device device, boolean file) {
        this.device = device;
        this.file = file;
    }

    String name() {
        return device.name();
    }

    /** Its name, and those before that leases may have. */
    List<String> names() {
        List<String> names = new ArrayList<>(former);
        names.add(name());
        return names;
    }

    /** The device by the key that has this number. */
    Device by(int asked) {
        return asked == number
                ? device
                : old.filter(before -> before.number() == asked)
                        .map(OldKey::device)
                        .orElse(device);
    }

    /** The old one has the new one's name and rules always. */
    void become(Device changed) {
        device = changed;
        old = old.map(before -> new OldKey(
                new Device(
                        changed.name(),
                        before.device().key(),
                        before.device().enrolment(),
                        before.device().seed(),
                        changed.rules()),
                before.number(),
                before.untilMs()));
    }

    boolean isUsedUp() {
        return device.rules().uses().isPresent()
                && use.grants() >= device.rules().uses().getAsInt();
    }

    boolean isOver(long nowMs) {
        return device.rules()
                .until()
                .filter(until -> until.toEpochMilli() <= nowMs)
                .isPresent();
    }

    /** The key before, while it is taken too. */
    record OldKey(Device device, int number, long untilMs) {}
}
