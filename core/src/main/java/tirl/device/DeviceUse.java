package tirl.device;

/**
 * What a device has used up.
 *
 * @param lastCodeStep the RFC 6238 time step of the last one-time code that was taken; each is good once
 * @param grants how many it was given
 * @param lastGrant the grant id that went with it; 0 for none. Packets of one grant share a code
 */
public record DeviceUse(long lastCodeStep, long grants, int lastGrant) {
    public static final DeviceUse NONE = new DeviceUse(0, 0);

    /** Of which the grant id is not known any more. */
    public DeviceUse(long lastCodeStep, long grants) {
        this(lastCodeStep, grants, 0);
    }
}
