package tirl.grant;

/** The policy's answer, always with its why. */
public sealed interface Verdict {
    record Granted(GrantRequest request) implements Verdict {}

    record Denied(String why) implements Verdict {}
}
