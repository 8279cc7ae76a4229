package tirl.device;

import java.util.Optional;

/** The labels of leases of devices: {@code device/service}. No door's name has a slash. */
public final class DeviceLabel {
    private static final char SLASH = '/';

    private DeviceLabel() {}

    public static String of(String device, String service) {
        return device + SLASH + service;
    }

    /** Whether the label is one of the device's. */
    public static boolean isOf(String device, String label) {
        return label.length() > device.length() && label.startsWith(device) && label.charAt(device.length()) == SLASH;
    }

    /** The service of a label that is one of the device's. */
    public static String service(String device, String label) {
        return label.substring(device.length() + 1);
    }

    /** Whose the label is; empty when it is no device's. */
    public static Optional<String> device(String label) {
        int slash = label.indexOf(SLASH);
        return slash < 0 ? Optional.empty() : Optional.of(label.substring(0, slash));
    }
}
