/**
 * Frames off the wire through libpcap: {@link tirl.linux.capture.Captures} keeps one
 * {@link tirl.linux.capture.CaptureHandle} open for each interface that exists, and opens it again when it comes back.
 */
package tirl.linux.capture;
