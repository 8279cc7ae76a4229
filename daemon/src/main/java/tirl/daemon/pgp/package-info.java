/**
 * Decrypts fwknop's GnuPG packets: key rings as gpg keeps them, and messages from anybody, of which nothing is believed before
 * it is measured. The only package that uses Bouncy Castle; nothing of it is loaded before {@link
 * tirl.daemon.pgp.GnupgDecryption#load} is called.
 */
package tirl.daemon.pgp;
