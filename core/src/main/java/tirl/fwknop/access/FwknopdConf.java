package tirl.fwknop.access;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.packet.Address;

/** fwknopd.conf, as far as it means something here. */
public final class FwknopdConf {
    private final EnumMap<FwknopdVariable, String> values;

    FwknopdConf(Map<FwknopdVariable, String> given) {
        values = new EnumMap<>(FwknopdVariable.class);
        values.putAll(given);
    }

    /** What fwknopd does without a file. */
    public static FwknopdConf standard() {
        return new FwknopdConf(Map.of());
    }

    /** The value in the file or the usual one; empty for neither. */
    public Optional<String> text(FwknopdVariable variable) {
        return Optional.of(values.getOrDefault(variable, variable.standard())).filter(value -> !value.isEmpty());
    }

    /** Whether the file sets it. */
    public boolean isGiven(FwknopdVariable variable) {
        return values.containsKey(variable);
    }

    /** A switch. */
    public boolean is(FwknopdVariable variable) {
        return Values.flag(text(variable).orElse(""));
    }

    /** A number. */
    public int number(FwknopdVariable variable) {
        return (int) Values.number(text(variable).orElse(""));
    }

    /** Whether requests may lead to other hosts. */
    public boolean forwarding() {
        return is(FwknopdVariable.ENABLE_IPT_FORWARDING) || is(FwknopdVariable.ENABLE_FIREWD_FORWARDING);
    }

    /** Whether requests may lead to other ports of this host. */
    public boolean localNat() {
        return is(FwknopdVariable.ENABLE_IPT_LOCAL_NAT) || is(FwknopdVariable.ENABLE_FIREWD_LOCAL_NAT);
    }

    /** Whether forwarded connections get another source address. */
    public boolean snat() {
        return is(FwknopdVariable.ENABLE_IPT_SNAT) || is(FwknopdVariable.ENABLE_FIREWD_SNAT);
    }

    /** Which; empty for that of the interface they leave by. */
    public Optional<Address> snatAddress() {
        return text(FwknopdVariable.SNAT_TRANSLATE_IP).flatMap(Address::parse);
    }

    /** How far a client's clock may be off; empty when its time does not matter. */
    public OptionalInt mostAgeSeconds() {
        return is(FwknopdVariable.ENABLE_SPA_PACKET_AGING)
                ? OptionalInt.of(number(FwknopdVariable.MAX_SPA_PACKET_AGE))
                : OptionalInt.empty();
    }

    /** Where access.conf is. */
    public String accessFile() {
        return text(FwknopdVariable.ACCESS_FILE).orElseGet(() -> in(FwknopdVariable.FWKNOP_CONF_DIR, "access.conf"));
    }

    /** Where fwknopd keeps what it has seen. */
    public String digestFile() {
        return text(FwknopdVariable.DIGEST_FILE).orElseGet(() -> in(FwknopdVariable.FWKNOP_RUN_DIR, "digest.cache"));
    }

    /** Where the process says its number. */
    public String pidFile() {
        return text(FwknopdVariable.FWKNOP_PID_FILE).orElseGet(() -> in(FwknopdVariable.FWKNOP_RUN_DIR, "fwknopd.pid"));
    }

    private String in(FwknopdVariable folder, String name) {
        return text(folder).orElseThrow() + "/" + name;
    }
}
