/** The client of fwknop: its options and {@code .fwknoprc}, packets that a fwknopd opens, and the carriers. */
package tirl.client.fwknop;
