package tirl.daemon.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** One row of the table {@code lease}. */
record LeaseRow(long id, String source, String label, String ports, String boot, long endNs, boolean revoking) {
    void bind(PreparedStatement put) throws SQLException {
        put.setLong(1, id);
        put.setString(2, source);
        put.setString(3, label);
        put.setString(4, ports);
        put.setString(5, boot);
        put.setLong(6, endNs);
        put.setInt(7, revoking ? 1 : 0);
    }
}
