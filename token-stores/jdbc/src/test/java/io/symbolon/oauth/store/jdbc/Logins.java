package io.symbolon.oauth.store.jdbc;

import io.symbolon.oauth.MemoryTokenStore;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.TokenStoreContract;
import java.io.IOException;

/** What the contract's logins look like, for tests that are none of the contract. */
abstract class Logins extends TokenStoreContract {
  static TokenSet login(String name) {
    return tokens(name);
  }

  /** An entry as a renewal would save it. */
  static StoredTokens entry(String name) throws IOException {
    MemoryTokenStore memory = new MemoryTokenStore(1);
    memory.save("", tokens(name));
    return memory.load("");
  }

  static String accessTokenIn(TokenStore store, String key) throws IOException {
    return accessToken(store, key);
  }
}
