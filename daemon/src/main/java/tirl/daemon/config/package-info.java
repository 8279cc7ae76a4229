/** Reads tirl.toml: all mistakes at once, each with its place and what would be right. */
package tirl.daemon.config;
