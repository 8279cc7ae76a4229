package tirl.daemon.spa;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Consumer;
import tirl.daemon.store.Store;

/**
 * What devices need of the daemon.
 *
 * @param told what an administrator should know
 */
public record Surroundings(
        Store store,
        ClaimWriter claims,
        DeviceLeases leases,
        InstantSource clock,
        SecureRandom random,
        Consumer<String> told) {
    byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    long nowMs() {
        return clock.millis();
    }
}
