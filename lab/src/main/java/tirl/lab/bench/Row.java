package tirl.lab.bench;

/** A group of lines of the table that are measured together. */
interface Row {
    /** By which it is asked for. */
    String name();

    void measure(Report report, Scale scale);
}
