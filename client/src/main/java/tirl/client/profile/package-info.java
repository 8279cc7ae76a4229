/** What a user has noted of a host: where it is and how to knock there. */
package tirl.client.profile;
