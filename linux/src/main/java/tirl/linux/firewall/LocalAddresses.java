package tirl.linux.firewall;

/** Tells the addresses of this host from those of others. */
@FunctionalInterface
public interface LocalAddresses {
    /** The two halves of a {@link tirl.packet.Address}. */
    boolean isLocal(long high, long low);
}
