/** Turns the configurations of other programs into tirl's, and says what became of every line. */
package tirl.importer;
