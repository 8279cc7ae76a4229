package tirl.linux.libc;

/** Error numbers that somebody here tells apart (asm-generic/errno.h, the same on x86-64, ARM64 and RISC-V). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int ENOBUFS = 105;

    private Errno() {}
}
