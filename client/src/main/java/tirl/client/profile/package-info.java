/** What a user has noted of a host: where it is and how to knock there. */
@NullMarked
package tirl.client.profile;

import org.jspecify.annotations.NullMarked;
