-- The table of a JdbcTokenStore: one row for each login. Any name will do.
CREATE TABLE IF NOT EXISTS oauth_tokens (
  key_hash     VARCHAR(128) NOT NULL PRIMARY KEY, -- SHA-256 of the key, in hex
  sealed       TEXT,                              -- the login; null while there is only a lease
  version      BIGINT NOT NULL,                   -- another one with each change of the login
  fence        BIGINT NOT NULL,                   -- the number of the latest lease
  leased_until BIGINT NOT NULL                    -- in microseconds since 1970, on this clock
);
