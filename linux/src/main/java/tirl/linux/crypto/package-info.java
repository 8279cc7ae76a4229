/** Key agreements by OpenSSL's library, where a host has it: quicker than Java's. */
package tirl.linux.crypto;
