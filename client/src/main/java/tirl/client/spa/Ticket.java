package tirl.client.spa;

/**
 * What one packet is numbered with.
 *
 * @param counter section 5.1
 * @param epoch the one whose token it takes
 * @param fresh whether no packet before took this token; one that is taken again is noise if that packet arrived
 */
public record Ticket(long counter, long epoch, boolean fresh) {}
