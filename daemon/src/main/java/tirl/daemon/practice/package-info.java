/** What stands in for the kernel while the daemon practises. */
package tirl.daemon.practice;
