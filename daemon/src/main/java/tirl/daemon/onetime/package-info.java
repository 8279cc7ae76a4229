/** knockd's files of sequences that each open a door once. */
package tirl.daemon.onetime;
