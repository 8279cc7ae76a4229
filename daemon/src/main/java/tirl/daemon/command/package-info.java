/** Shell commands of doors: started like knockd does, but bounded, in order, and with their output in the log. */
package tirl.daemon.command;
