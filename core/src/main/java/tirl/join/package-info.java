/** Join mode: where a firewall of somebody else drops, and the one rule that lets leased packets through it. */
package tirl.join;
