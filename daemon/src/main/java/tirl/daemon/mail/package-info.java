/** Alerts by e-mail: a digest that is bounded, a thread that sends it, and SMTP. */
package tirl.daemon.mail;
