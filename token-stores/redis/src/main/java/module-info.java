/** Logins in Redis. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Jedis
module io.symbolon.oauth.store.redis {
  requires transitive io.symbolon.oauth;
  requires transitive redis.clients.jedis;
  requires static transitive org.jspecify;

  exports io.symbolon.oauth.store.redis;
}
