package io.symbolon.oauth.store.redis;

import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.TokenStoreContract;
import java.io.IOException;

/** Lends the contract's tokens to tests that are not about the contract. */
abstract class Tokens extends TokenStoreContract {
  private Tokens() {}

  static TokenSet of(String name) {
    return tokens(name);
  }

  static String accessTokenIn(TokenStore store, String key) throws IOException {
    return accessToken(store, key);
  }
}
