/** What a host guards and how one asks for it: services, doors, and the steps of a knock sequence. */
package tirl.door;
