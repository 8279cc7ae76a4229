package tirl.device;

import java.time.Instant;
import tirl.spa.InvitationSecret;

/**
 * An invitation that nobody has used.
 *
 * @param name of the device to be; when there is one already, this one is to take its place
 * @param rules of the device to be
 */
public record OpenInvitation(String name, InvitationSecret secret, Instant validUntil, AccessRules rules) {}
