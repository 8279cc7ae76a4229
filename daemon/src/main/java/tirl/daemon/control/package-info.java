/**
 * The control socket: one JSON object on a line asks, one or more such lines answer. Both ends are here. The socket is
 * for the daemon's own user and root only.
 */
package tirl.daemon.control;
