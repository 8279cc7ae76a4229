package tirl.cli;

import java.io.IOException;
import java.util.List;
import tirl.client.profile.ProfileException;

/** A part of a command that takes more than a few milliseconds the first time. */
interface Practised {
    /**
     * Does the like of what will come, with nothing at stake, beside the one who does it in earnest.
     *
     * @param words of the command line
     */
    void practise(List<String> words) throws IOException, ProfileException;
}
