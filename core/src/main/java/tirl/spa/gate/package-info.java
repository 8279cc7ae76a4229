/**
 * The receiver of tirl SPA: which packets are worth a look, which are worth a key agreement, which were seen before. Steps
 * are those of docs/protocol/spa-v1.md, section 7.
 */
package tirl.spa.gate;
