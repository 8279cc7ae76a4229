/** Going to a host: knock, and connect as soon as the port opens. */
package tirl.client.visit;
