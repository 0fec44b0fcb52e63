package io.symbolon.oauth.providers;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import java.io.IOException;

/** The programs in docs/chinese-providers.md. */
final class AlipayRecipe {
  private AlipayRecipe() {}

  static PendingAuthorization begin(Secret applicationKey, String alipayKey) throws IOException {
    Provider alipay = Providers.alipay(applicationKey, alipayKey);
    OAuthClient client = alipay.client("2021000000000000").build();
    PendingAuthorization pending =
        alipay.authorize(client).redirectUri("https://shop.example.com/callback").begin();
    return pending;
  }

  static UserIdentity complete(
      Provider alipay, OAuthClient client, PendingAuthorization pending, String callbackUrl)
      throws IOException {
    TokenSet tokens = client.complete(pending, callbackUrl);
    UserIdentity user = alipay.identity(tokens, client);
    return user;
  }
}
