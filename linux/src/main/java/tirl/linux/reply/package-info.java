/** Single packets from an address and port of this host on which no socket is bound. */
package tirl.linux.reply;
