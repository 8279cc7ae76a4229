package tirl.linux.network;

/**
 * A network interface.
 *
 * @param index another one when an interface is deleted and made again under its name
 * @param up switched on (IFF_UP), whether or not a cable is plugged in
 */
public record Link(int index, String name, boolean up) {}
