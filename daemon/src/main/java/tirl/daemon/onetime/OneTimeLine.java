package tirl.daemon.onetime;

import java.util.List;

/**
 * A line that was not used yet.
 *
 * @param offset of its first byte in the file
 * @param number counted from 1
 * @param text its bytes as ISO 8859-1, without the end of line
 */
public record OneTimeLine<T>(long offset, int number, String text, List<T> sequence) {}
