/** Looks at the whole way from a client's packet to an open port and says what is wrong and what to do about it. */
package tirl.daemon.doctor;
