/** Running in the background as a daemon does: detached from the terminal, with a pid file. */
package tirl.daemon.background;
