/**
 * The client of tirl SPA: makes packets, sends them, hears answers; joins, rotates. Sections in comments are those of
 * docs/protocol/spa-v1.md.
 */
package tirl.client.spa;
