package tirl.daemon.store;

import java.sql.Connection;

/**
 * One transaction on the store.
 *
 * @param opened how often the file has been opened: when it differs from last time, what was not written is lost
 */
public record StoreSession(Connection connection, long opened) {}
