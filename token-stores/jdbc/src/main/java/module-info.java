/** Logins in a table of a relational database. */
module io.symbolon.oauth.store.jdbc {
  requires transitive io.symbolon.oauth;
  requires transitive java.sql;
  requires static transitive org.jspecify;

  exports io.symbolon.oauth.store.jdbc;
}
