package tirl.device;

/**
 * What a device has used up.
 *
 * @param lastCodeStep the RFC 6238 time step of the last one-time code that was taken; each is good once
 * @param grants how many it was given
 */
public record DeviceUse(long lastCodeStep, long grants) {
    public static final DeviceUse NONE = new DeviceUse(0, 0);
}
