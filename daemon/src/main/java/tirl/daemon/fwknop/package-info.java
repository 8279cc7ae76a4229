/** Packets of fwknop's clients in the daemon: each is claimed in the store before anything comes of it. */
package tirl.daemon.fwknop;
