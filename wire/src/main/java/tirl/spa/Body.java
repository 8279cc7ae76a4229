package tirl.spa;

import java.util.List;
import java.util.OptionalInt;

/** What a packet says once it is open (section 5). Who says it is known by the keys that opened it. */
public sealed interface Body {
    /** What all kinds have. */
    Header header();

    /**
     * The beginning of every body.
     *
     * @param timeMs the device's clock, milliseconds since 1970
     * @param counter an unsigned number, not 0
     * @param answer whether the sealed answer is wanted
     * @param rehearse whether only to decide, and to do nothing
     */
    record Header(long timeMs, long counter, boolean answer, boolean rehearse) {
        public Header {
            if (timeMs < 0 || counter == 0) {
                throw new IllegalArgumentException("time " + timeMs + ", counter " + counter);
            }
        }
    }

    /**
     * What is asked for.
     *
     * @param services at most three different ones; none stands for the device's usual ones
     * @param grant packets with the same number that is not 0 ask for the same grant
     * @param code a one-time code of at most 8 digits
     */
    record Target(List<ServiceId> services, int grant, OptionalInt code, AddressClaim address) {
        /** How many services a packet can name. */
        public static final int MOST_SERVICES = 3;
        /** The largest one-time code. */
        public static final int LARGEST_CODE = 99_999_999;

        public Target {
            services = List.copyOf(services);
            if (!isWellFormed(services, code)) {
                throw new IllegalArgumentException("at most 3 different services and a code of 8 digits");
            }
        }

        static boolean isWellFormed(List<ServiceId> services, OptionalInt code) {
            return services.size() <= MOST_SERVICES
                    && services.stream().distinct().count() == services.size()
                    && services.stream().noneMatch(service -> service.value() == 0)
                    && code.orElse(0) >= 0
                    && code.orElse(0) <= LARGEST_CODE;
        }

        /** Without the code, which is a secret while it is valid. */
        @Override
        public String toString() {
            return "Target[" + services + ", grant " + Integer.toUnsignedString(grant) + ", " + address + "]";
        }
    }

    /**
     * Asks for services.
     *
     * @param seconds an unsigned number; 0 stands for what the policy gives
     */
    record Open(Header header, int seconds, Target target) implements Body {}

    /** Gives back what was granted. */
    record Close(Header header, Target target) implements Body {}

    /** The first packet of a device, made with the keys of its invitation. */
    record Register(Header header, X25519PublicKey device) implements Body {}

    /** The device's next key, in a packet made with its old one. */
    record Rotate(Header header, X25519PublicKey device) implements Body {}
}
