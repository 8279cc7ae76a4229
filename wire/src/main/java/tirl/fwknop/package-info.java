/**
 * fwknop's SPA packets, version 2.x: bytes to values and back, both ways. Section numbers in comments are those of
 * docs/protocol/fwknop.md. A hostile packet is a value with a reason, never an exception.
 */
package tirl.fwknop;
