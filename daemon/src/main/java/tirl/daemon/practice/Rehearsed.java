package tirl.daemon.practice;

import tirl.grant.FirewallException;
import tirl.grant.TimedOpening;

/** What is done with what would open; leaves nothing open. */
@FunctionalInterface
public interface Rehearsed {
    void open(TimedOpening opening) throws FirewallException;
}
