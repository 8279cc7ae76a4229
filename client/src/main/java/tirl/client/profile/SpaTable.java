package tirl.client.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tirl.config.Config.PortRange;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.packet.Address;
import tirl.spa.AddressMode;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.Invitation.Carriers;
import tirl.spa.KemPublicKey;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/** From the table {@code [spa]} of a profile to its value. */
final class SpaTable {
    static final String NEXT_DEVICE = "next-device";

    private static final Set<String> KEYS = Set.of(
            "server",
            "device",
            NEXT_DEVICE,
            "enrolment",
            "kem",
            "ports",
            "icmp",
            "classical",
            "services",
            "address",
            "addresses",
            "code",
            "answer");
    private static final Map<String, AddressMode> MODES = Arrays.stream(AddressMode.values())
            .collect(Collectors.toMap(mode -> mode.name().toLowerCase(Locale.ROOT), Function.identity()));

    private final ProfileTable table;

    private SpaTable(ProfileTable table) {
        this.table = table;
    }

    static Profile.Proof.Spa read(ProfileTable table) throws ProfileException {
        table.onlyKeys(KEYS);
        return new SpaTable(table).spa();
    }

    private Profile.Proof.Spa spa() throws ProfileException {
        AddressMode mode = mode();
        List<Address> addresses = addresses();
        if (mode == AddressMode.OBSERVED && !addresses.isEmpty()) {
            throw table.mistake("addresses", "addresses goes with address = \"claimed\", \"equal\" or \"dual\"");
        }
        List<String> services = table.texts("services");
        if (services.size() > Body.Target.MOST_SERVICES) {
            throw table.mistake("services", "a packet names at most " + Body.Target.MOST_SERVICES + " services");
        }
        return new Profile.Proof.Spa(
                identity(),
                carriers(),
                table.flag("classical", false),
                services,
                mode,
                addresses,
                table.flag("code", false),
                table.flag("answer", true));
    }

    private Identity identity() throws ProfileException {
        KemPublicKey kem = KemPublicKey.of(needed("kem", KemPublicKey.LENGTH))
                .orElseThrow(() -> table.mistake("kem", "kem is no key of ML-KEM-768; it is damaged"));
        X25519PublicKey server = new X25519PublicKey(needed("server", X25519PublicKey.LENGTH));
        if (server.isOfSmallOrder()) {
            throw table.mistake("server", "server is no key that can be agreed with; it is damaged");
        }
        return new Identity(
                server,
                privateKey(needed("device", X25519PrivateKey.LENGTH)),
                new EnrolmentSecret(needed("enrolment", EnrolmentSecret.LENGTH)),
                kem,
                table.secret(NEXT_DEVICE, X25519PrivateKey.LENGTH).map(SpaTable::privateKey));
    }

    private static X25519PrivateKey privateKey(byte[] bytes) {
        try {
            return new X25519PrivateKey(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private byte[] needed(String key, int length) throws ProfileException {
        return table.secret(key, length)
                .orElseThrow(() -> table.missing(key + " = \"...\" in [spa], which `tirl join` writes,"));
    }

    private Carriers carriers() throws ProfileException {
        Optional<String> ports = table.text("ports");
        boolean icmp = table.flag("icmp", false);
        try {
            if (ports.isPresent()) {
                PortRange range = Notation.range(ports.get());
                return new Carriers(range.first(), range.last(), icmp);
            }
        } catch (NotationException e) {
            throw table.mistake("ports", "ports: " + e.problem());
        }
        if (!icmp) {
            throw table.missing("ports = \"62201\" (or icmp = true) in [spa]");
        }
        return new Carriers(0, 0, true);
    }

    private AddressMode mode() throws ProfileException {
        String word = table.text("address").orElse("observed");
        AddressMode mode = MODES.get(word);
        if (mode == null) {
            throw table.mistake("address", "address must be \"observed\", \"claimed\", \"equal\" or \"dual\"");
        }
        return mode;
    }

    private List<Address> addresses() throws ProfileException {
        List<Address> addresses = new ArrayList<>();
        for (String text : table.texts("addresses")) {
            addresses.add(Address.parse(text)
                    .orElseThrow(() -> table.mistake("addresses", "\"" + text + "\" is no address")));
        }
        long ipv4 = addresses.stream().filter(Address::isIpv4).count();
        if (ipv4 > 1 || addresses.size() - ipv4 > 1) {
            throw table.mistake("addresses", "addresses has at most one of IPv4 and one of IPv6");
        }
        return addresses;
    }
}
