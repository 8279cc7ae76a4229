/** What happened, for people and machines: each with its why. */
package tirl.event;
