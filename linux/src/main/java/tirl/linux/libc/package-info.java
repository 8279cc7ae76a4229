/** System calls through java.lang.foreign, and {@link tirl.linux.libc.Poller}, the one place where a thread waits. */
package tirl.linux.libc;
