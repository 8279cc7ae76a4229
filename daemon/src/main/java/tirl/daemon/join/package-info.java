/** Join mode on this host: asking its firewalls, adding the static rule to them, keeping it there and taking it away. */
package tirl.daemon.join;
