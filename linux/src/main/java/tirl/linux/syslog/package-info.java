/** The system log, by its socket. */
package tirl.linux.syslog;
