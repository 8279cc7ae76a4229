package tirl.daemon.spa;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.daemon.spa.DeviceFiles.FromFile;
import tirl.daemon.spa.DeviceFiles.Reading;
import tirl.device.Device;
import tirl.device.DeviceUse;
import tirl.grant.FirewallException;
import tirl.spa.X25519PublicKey;
import tirl.spa.gate.ReplayWindow;

/** The devices of the directory in the roster. What their packets change is in the store, by their keys. */
final class FileDevices {
    private final Surroundings around;
    private final Roster roster;
    private volatile Reading current;
    /** Of keys that are in no file now, but may be again. */
    private final Map<X25519PublicKey, DeviceRows.Use> uses;

    FileDevices(Surroundings around, Roster roster, Reading current, Map<X25519PublicKey, DeviceRows.Use> uses) {
        this.around = around;
        this.roster = roster;
        this.current = current;
        this.uses = new HashMap<>(uses);
    }

    Reading read(Optional<Path> directory) throws SpaException {
        return DeviceFiles.read(directory, roster.server(), current);
    }

    /** Not one device is touched when one of the new ones cannot be. */
    void follow(Reading next) throws SpaException {
        for (FromFile file : next.devices().values()) {
            refuseTaken(file, next);
        }
        for (Enrolled enrolled : List.copyOf(roster.devices())) {
            if (enrolled.file) {
                FromFile file = next.devices().get(enrolled.name());
                if (file == null) {
                    end(enrolled);
                } else {
                    change(enrolled, file);
                }
            }
        }
        for (FromFile file : next.devices().values()) {
            if (roster.device(file.device().name()) == null) {
                Enrolled enrolled = new Enrolled(file.device(), true);
                recall(enrolled);
                roster.add(enrolled, file.ready().peer(roster.server(), roster.window(enrolled.device.key())));
            }
        }
        current = next;
    }

    private void refuseTaken(FromFile file, Reading next) throws SpaException {
        Device device = file.device();
        Enrolled enrolled = roster.device(device.name());
        if (roster.invitation(device.name()) != null || (enrolled != null && !enrolled.file)) {
            throw inBoth(file);
        }
        Optional<String> owner = roster.owner(device.key()).filter(other -> !other.equals(device.name()));
        if (owner.isPresent() && keeps(owner.get(), device.key(), next)) {
            throw new SpaException(
                    file.file() + ": device " + owner.get() + " has the same key; a key is of one device");
        }
    }

    static SpaException inBoth(FromFile file) {
        return new SpaException(file.file() + ": there is a device or an invitation of this name already, which was not"
                + " made by a file; give the file's device another name, or `tirl devices revoke "
                + file.device().name() + "`");
    }

    /** Whether it has that key after the change too. */
    private boolean keeps(String owner, X25519PublicKey key, Reading next) {
        Enrolled enrolled = roster.device(owner);
        FromFile file = next.devices().get(owner);
        return enrolled == null
                || !enrolled.file
                || (file != null && file.device().key().equals(key));
    }

    private void change(Enrolled enrolled, FromFile file) {
        if (Peers.isSame(enrolled.device, file.device())) {
            if (!enrolled.device.rules().equals(file.device().rules())) {
                roster.change(enrolled, file.device().rules());
            }
            return;
        }
        DeviceUse use = enrolled.use;
        note(enrolled);
        roster.remove(enrolled);
        // The same device with another key: its second factor and its uses go on.
        uses.put(
                file.device().key(), new DeviceRows.Use(file.device().key(), new ReplayWindow(), use, enrolled.seenMs));
    }

    private void end(Enrolled enrolled) {
        note(enrolled);
        roster.remove(enrolled);
        try {
            int count = around.leases().revokeOf(enrolled.names());
            around.told()
                    .accept("device " + enrolled.name() + " is revoked: its file is gone; " + count
                            + " leases are taken back");
        } catch (FirewallException e) {
            around.told()
                    .accept("device " + enrolled.name() + " is revoked, but its leases stay to their end: "
                            + e.reason());
        }
    }

    private void note(Enrolled enrolled) {
        uses.put(
                enrolled.device.key(),
                new DeviceRows.Use(enrolled.device.key(), new ReplayWindow(), enrolled.use, enrolled.seenMs));
    }

    /** What its key has used up before. */
    void recall(Enrolled enrolled) {
        DeviceRows.Use use = uses.remove(enrolled.device.key());
        if (use != null) {
            enrolled.use = use.use();
            enrolled.seenMs = use.seenMs();
        }
    }

    /** Names of the directory's files, for messages. */
    String place(String name) {
        FromFile file = current.devices().get(name);
        return file == null ? name : file.file().toString();
    }
}
