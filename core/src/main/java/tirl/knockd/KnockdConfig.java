package tirl.knockd;

import java.util.List;

/** A whole knockd.conf. Doors stand in the order of the file; equal names make separate doors. */
public record KnockdConfig(KnockdOptions options, List<KnockdDoor> doors) {
    public KnockdConfig {
        doors = List.copyOf(doors);
    }
}
