/** What must survive the daemon: one SQLite file. Its trouble is reported, survived, and over when the disk is well again. */
package tirl.daemon.store;
