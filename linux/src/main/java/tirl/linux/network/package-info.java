/** The interfaces and addresses of this host as they are now, told by the kernel (rtnetlink(7)). */
package tirl.linux.network;
