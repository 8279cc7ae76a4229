package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.control.JsonLines;
import tirl.device.AccessRules;
import tirl.device.Device;
import tirl.spa.EnrolmentSecret;
import tirl.spa.KemSeed;
import tirl.spa.X25519PublicKey;

/** 10,000 devices: imported in one request, loaded at a start. What it takes is printed. */
class DeviceCrowdTest {
    private static final int MANY = 10_000;

    @TempDir
    private Path folder = Path.of("/nonexistent");

    @Test
    void manyDevices_areImportedAndLoaded() throws Exception {
        try (DeviceSite site = new DeviceSite(folder.resolve("state"))) {
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                Device device = new Device(
                        "device-" + i,
                        new X25519PublicKey(Phone.random(32)),
                        new EnrolmentSecret(Phone.random(32)),
                        new KemSeed(Phone.random(64)),
                        AccessRules.of(List.of("ssh", i % 2 == 0 ? "web" : "ssh2")));
                all.add(Map.of("name", device.name(), "text", DeviceText.write(device)));
            }
            Map<String, Object> request = Map.of("command", "devices-import", "devices", all);
            // The bound of a request.
            assertThat(JsonLines.write(request).length()).isLessThan(16_777_216);
            timed("import", () -> assertThat(site.ask(request)).isEqualTo(Map.of("added", MANY, "changed", 0)));
            System.out.printf("of it on the decision thread %,d ms%n", site.claims.thenNs / 1_000_000);
            timed("start", site::restart);
            timed(
                    "list",
                    () -> assertThat((List<?>) site.ask(Map.of("command", "devices")))
                            .hasSize(MANY));
            timed("export", () -> assertThat(site.exported()).hasSize(MANY));
            timed("look for the expired", () -> site.devices.expire(site.nowMs.get()));
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void timed(String what, Task task) throws Exception {
        Duration before = processors();
        long beganNs = System.nanoTime();
        task.run();
        System.out.printf(
                "%,d devices: %s %,d ms, processor time %,d ms%n",
                MANY,
                what,
                (System.nanoTime() - beganNs) / 1_000_000,
                processors().minus(before).toMillis());
    }

    private static Duration processors() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }
}
