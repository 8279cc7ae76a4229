/** The validated configuration as values. Reading the file is the daemon's business. */
package tirl.config;
