/**
 * A laboratory of network namespaces: {@link tirl.lab.Network} joins a server and a client namespace by a
 * {@link tirl.lab.Wire}, {@link tirl.lab.TirlProcess} runs the daemon in the one, a {@link tirl.lab.Client} knocks and
 * probes from the other. No packet leaves the namespaces, and everything that was made is gone at the end, also when a
 * test fails ({@link tirl.lab.Cleanup}).
 */
package tirl.lab;
