package tirl.daemon.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** One transaction on the store. */
public final class StoreSession {
    private final Connection connection;
    private final long opened;
    private final Statements statements;

    StoreSession(Connection connection, long opened, Statements statements) {
        this.connection = connection;
        this.opened = opened;
        this.statements = statements;
    }

    public Connection connection() {
        return connection;
    }

    /** How often the file has been opened: when it differs from last time, what was not written is lost. */
    public long opened() {
        return opened;
    }

    /** For one of a few texts, at most once at a time. It is kept: the caller closes its results, clears secrets, and does not close it. */
    public PreparedStatement prepared(String sql) throws SQLException {
        return statements.of(sql);
    }
}
