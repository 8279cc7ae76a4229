/** The client side of a knock sequence. */
package tirl.client;
