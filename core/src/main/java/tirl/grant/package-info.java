/**
 * From a request to an open port: {@link tirl.grant.Policy} gives a {@link tirl.grant.Verdict},
 * {@link tirl.grant.LeaseBook} keeps the leases, {@link tirl.grant.Firewall} is the kernel.
 */
package tirl.grant;
