/** Rules as text, computed without asking the kernel: the nftables table and the capture filter. */
package tirl.ruleset;
