package tirl.linux.capture;

/** libpcap or the kernel refused. The message names the operation, the reason and what may help. */
public final class CaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    CaptureException(String message) {
        super(message);
    }

    CaptureException(String message, Throwable cause) {
        super(message, cause);
    }
}
