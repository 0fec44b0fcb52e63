/**
 * Logins in a table of a relational database: see {@link
 * io.symbolon.oauth.store.jdbc.JdbcTokenStore}.
 */
@NullMarked
package io.symbolon.oauth.store.jdbc;

import org.jspecify.annotations.NullMarked;
