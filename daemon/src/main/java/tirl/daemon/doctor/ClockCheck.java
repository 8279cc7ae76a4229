package tirl.daemon.doctor;

import java.util.List;
import tirl.linux.libc.KernelClock;
import tirl.linux.libc.LibcException;

/** Leases run on a clock that nobody can set; what has to agree with other machines needs the right time. */
final class ClockCheck {
    private static final String CHECK = "clock";

    private ClockCheck() {}

    static List<Finding> findings() {
        try {
            return List.of(
                    KernelClock.isSynchronised()
                            ? Finding.good(CHECK, "is kept in step by NTP")
                            : Finding.doubtful(
                                    CHECK,
                                    "nothing keeps it in step; sequences and leases do not mind, proofs with a time in "
                                            + "them do",
                                    "`timedatectl set-ntp true`, or install chrony"));
        } catch (LibcException e) {
            return List.of(Finding.doubtful(CHECK, "cannot be asked: " + e.getMessage(), ""));
        }
    }
}
