/**
 * The receiver of fwknop's packets: whose they are, whether they are fresh, and what they get. It remembers nothing and
 * does nothing; whether a packet was seen before is for the caller's store to say.
 */
package tirl.fwknop.gate;
