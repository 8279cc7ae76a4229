/**
 * Watches packets for knocks. A {@link tirl.recognise.Recogniser} is given every packet and answers with
 * {@link tirl.recognise.Recognition}s. The work per packet depends neither on the number of doors (they share a prefix
 * tree, {@link tirl.recognise.SequenceTree}) nor on the number of half-done sequences (they live in a hash table of
 * fixed bound, {@link tirl.recognise.AttemptTable}).
 */
package tirl.recognise;
