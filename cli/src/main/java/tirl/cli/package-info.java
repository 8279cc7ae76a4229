/** One class per command of {@code tirl}. */
package tirl.cli;
