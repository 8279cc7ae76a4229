package tirl.linux.libc;

import java.io.IOException;

/** A system call failed; the message is the operation and the text of errno. */
public final class LibcException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    LibcException(String operation, int errno) {
        super(operation + ": " + Libc.strerror(errno));
        this.errno = errno;
    }

    /** One of {@link Errno}, or another number of errno(3). */
    public int errno() {
        return errno;
    }
}
