package io.symbolon.oauth.store.jdbc;

import javax.sql.DataSource;

final class H2Test extends JdbcTokenStoreContract {
  @Override
  DataSource dataSource() {
    return Databases.h2InMemory("contract");
  }
}
