/**
 * knockd 0.8 as it is met in the field: its configuration file, its way of matching knocks, and the lines it logs. What
 * an existing installation relies on is kept to the letter; what harms one client because of another is not.
 *
 * <p>Deliberate differences: sources never influence each other, a packet costs the same however many sources are
 * half-done, half-done sources are bounded, two doors that end on the same knock both open, and a one-time door forgets
 * half-done attempts when its sequence changes.
 */
package tirl.knockd;
