/** What a trial of a configuration keeps on disk. */
package tirl.daemon.trial;
