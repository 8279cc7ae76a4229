/**
 * knockd as a mode of tirl: its configuration, its matching, its log, its commands. What knockd does wrong is done right
 * here; docs/knockd-differences.md lists each deviation.
 */
package tirl.daemon.knockd;
