package tirl.pipeline;

/**
 * What has happened since the start, in numbers.
 *
 * @param packets that reached the recognisers
 * @param advanced right knocks
 * @param rejected half-done sequences that ended without opening
 * @param opened leases opened or extended
 * @param denied right knocks that the policy or the kernel refused
 */
public record Counters(long packets, long advanced, long rejected, long opened, long denied) {}
