/** The daemon's log on standard error, bounded in rate. */
package tirl.daemon.log;
