/** Doors that open and shut by commands: run in order, shut in time, and shut also after a crash. */
package tirl.daemon.hooks;
