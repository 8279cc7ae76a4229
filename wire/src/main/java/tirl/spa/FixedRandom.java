package tirl.spa;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Hands given bytes to the JDK where it takes randomness only from such an object. FIPS 203 says how many bytes its
 * algorithms draw; asking for more is a change in the JDK that must not pass unseen.
 */
final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final transient byte[] bytes;
    private transient int at;

    @SuppressWarnings("NullAway") // the JDK's own way to make one without a provider
    FixedRandom(byte[] bytes) {
        super(null, null);
        this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] target) {
        if (target.length > bytes.length - at) {
            throw new IllegalStateException("the JDK draws more randomness than FIPS 203 says");
        }
        System.arraycopy(bytes, at, target, 0, target.length);
        Arrays.fill(bytes, at, at + target.length, (byte) 0);
        at += target.length;
    }
}
