/**
 * tirl SPA, version 1: bytes to values and back. Section numbers in comments are those of docs/protocol/spa-v1.md. Time
 * and randomness are parameters; a hostile packet is a value, never an exception.
 */
package tirl.spa;
