package tirl.spa;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA256 (RFC 5869) and the HMAC under it. */
final class Hkdf {
    private static final String HMAC = "HmacSHA256";

    private Hkdf() {}

    static byte[] extract(byte[] salt, byte[] ikm) {
        return derive(HKDFParameterSpec.ofExtract().addSalt(salt).addIKM(ikm).extractOnly());
    }

    static byte[] expand(byte[] prk, byte[] info, int length) {
        return derive(HKDFParameterSpec.expandOnly(new SecretKeySpec(prk, HMAC), info, length));
    }

    private static byte[] derive(HKDFParameterSpec parameters) {
        try {
            return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK 25 has HKDF-SHA256", e);
        }
    }

    static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
