package io.symbolon.samples;

import io.symbolon.oauth.FileTokenStore;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.TokenCache;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import java.io.IOException;
import java.nio.file.Path;

/** Logins that outlive the process. */
final class StoreSample {
  private StoreSample() {}

  static TokenSource stored(
      OAuthClient oauth, TokenSet tokens, String user, Path directory, Secret passphrase)
      throws IOException {
    // README: store
    StoreKeys keys = StoreKeys.passphrase(passphrase, "reports of example.com");
    TokenStore store = FileTokenStore.open(directory, keys);
    store.save(user, tokens); // after the login
    TokenSource source = oauth.tokenSource(store, user); // from then on, in every process
    // README: end
    return source;
  }

  static TokenSource storedLogin(OidcClient oidc, OidcTokens login, TokenStore store, String user)
      throws IOException {
    // README: login
    oidc.save(store, user, login); // after the login
    TokenSource source = oidc.tokenSource(store, user); // from then on, in every process
    // README: end
    return source;
  }

  static TokenCache<String> manyUsers(OAuthClient oauth, TokenStore store) {
    // README: cache
    TokenCache<String> users = TokenCache.of(10_000, user -> oauth.tokenSource(store, user));
    // README: end
    return users;
  }
}
