/** SPA in the daemon: packets in, durable claims, leases out; the devices and their enrolment. */
package tirl.daemon.spa;
