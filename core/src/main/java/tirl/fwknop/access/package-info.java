/**
 * fwknopd 2.6 as it is met in the field: access.conf and fwknopd.conf. What an existing installation relies on is kept
 * to the letter; what fwknopd silently ignores, or takes for something else than it looks like, is said.
 */
package tirl.fwknop.access;
