/** What is due later and must not be forgotten: the stop commands of open doors, on disk and on a timer. */
package tirl.daemon.journal;
