package tirl.spa;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What stands for a service's name in a body (section 5). */
public record ServiceId(int value) {
    /** The identifier of a service by its name in the configuration. */
    public static ServiceId of(String name) {
        byte[] hash = Bytes.sha256(Bytes.label("service "), name.getBytes(StandardCharsets.UTF_8));
        int value = ByteBuffer.wrap(hash).getInt();
        return new ServiceId(value == 0 ? 1 : value);
    }
}
