package tirl.daemon.journal;

/** Says when an entry is due. */
public interface StopAlarm extends AutoCloseable {
    /** Calls back when the entry is due. One that is scheduled already, by its id, is due at the new time instead. */
    void schedule(Entry entry);

    /** Does not call back for this entry, unless the call is under way. */
    void cancel(Entry entry);

    @Override
    void close();
}
