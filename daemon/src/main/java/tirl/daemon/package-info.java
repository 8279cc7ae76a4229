/** Wiring: {@link tirl.daemon.Daemon} puts the parts together, {@link tirl.daemon.DecisionLoop} runs them. */
package tirl.daemon;
