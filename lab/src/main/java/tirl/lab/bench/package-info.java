/** Benchmarks against the peers, as commands: `make bench`. Never timed unit tests. */
package tirl.lab.bench;
