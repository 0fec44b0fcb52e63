package io.symbolon.oauth;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The end of tokens: at the server, and in a store (RFC 7009). */
final class Revocation {
  private static final int MAX_RENEWALS = 10;

  private final OAuthClient client;

  Revocation(OAuthClient client) {
    this.client = client;
  }

  void revoke(Secret token, String typeHint) throws IOException {
    AuthorizationServer server = client.server();
    EndpointRequest request =
        new EndpointRequest(server.existing("revocation_endpoint", "RFC 7009 §2"));
    request.secretParameter("token", token);
    request.parameter("token_type_hint", typeHint);
    client.exchange(request, server).requireSuccess();
  }

  void revoke(TokenSet tokens) throws IOException {
    Secret refreshToken = tokens.refreshToken();
    if (refreshToken == null) {
      revoke(tokens.accessToken().value(), "access_token");
    } else {
      revoke(refreshToken, "refresh_token");
    }
  }

  /** Whatever a renewal puts in the place of what we remove is revoked and removed, too. */
  void revoke(TokenStore store, String key) throws IOException {
    IOException failure = attempt(client.unsavedLogins().forget(store, key));
    for (int i = 0; i < MAX_RENEWALS; i++) {
      StoredTokens present = present(store, key, failure);
      IOException refusal = attempt(present);
      failure = refusal == null ? failure : refusal;
      if (present == null || store.delete(key, present.version(), 0)) {
        if (failure != null) {
          throw failure;
        }
        return;
      }
    }
    throw new IOException(
        "the login was renewed each time that it was to be removed, and is still in the store");
  }

  private static @Nullable StoredTokens present(
      TokenStore store, String key, @Nullable IOException failure) throws IOException {
    try {
      return store.load(key);
    } catch (IOException e) {
      if (failure != null) {
        e.addSuppressed(failure);
      }
      throw e;
    }
  }

  private @Nullable IOException attempt(@Nullable StoredTokens login) {
    try {
      if (login != null) {
        revoke(login.tokens());
      }
      return null;
    } catch (IOException e) {
      return e;
    }
  }
}
