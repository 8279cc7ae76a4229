/** Sending ICMP echo requests, which a sequence may have as a step. */
package tirl.linux.icmp;
