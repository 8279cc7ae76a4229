package tirl.fwknop.access;

import java.util.List;

/** Finds what a file includes: behind it is the file system, or in a test a map. */
public interface Inclusions {
    /** The files, in the order of their names where it is a folder. */
    Found find(Include include);

    /** What was found. */
    sealed interface Found {
        record Files(List<AccessFile> files) implements Found {
            public Files {
                files = List.copyOf(files);
            }
        }

        /**
         * @param why for people, with the path
         */
        record Missing(String why) implements Found {}
    }
}
