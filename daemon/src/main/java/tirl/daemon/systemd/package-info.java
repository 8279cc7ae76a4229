/** What a service tells systemd: ready, alive, stopping (sd_notify(3)). Without systemd nothing happens. */
package tirl.daemon.systemd;
