package tirl.device;

import java.util.List;
import tirl.grant.GrantRequest;
import tirl.spa.Decision;

/** What comes of a request of a device. */
public sealed interface DeviceVerdict {
    /**
     * @param requests one for each service and address, with labels of {@link DeviceLabel}
     * @param after what the device has used up then
     */
    record Granted(List<GrantRequest> requests, DeviceUse after) implements DeviceVerdict {
        public Granted {
            requests = List.copyOf(requests);
        }
    }

    /** Always one of the refusing decisions. */
    record Denied(Decision why) implements DeviceVerdict {}
}
