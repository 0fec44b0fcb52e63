package io.symbolon.oauth.store.jdbc;

import java.io.IOException;
import javax.sql.DataSource;

final class PostgresTest extends JdbcTokenStoreContract {
  @Override
  DataSource dataSource() throws IOException {
    return Databases.postgresAt(Databases.postgresUrl());
  }
}
