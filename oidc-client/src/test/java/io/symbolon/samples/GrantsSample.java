package io.symbolon.samples;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.CachingTokenSource;
import io.symbolon.oauth.DeviceAuthorization;
import io.symbolon.oauth.ExchangedToken;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import java.io.IOException;
import java.util.Map;

/** Grants other than a login in the browser. */
final class GrantsSample {
  private GrantsSample() {}

  static OAuthClient client(String issuer, Secret secret) {
    OAuthClient oauth =
        OAuthClient.builder().issuer(issuer).clientId("reports").clientSecret(secret).build();
    return oauth;
  }

  static TokenSource extension(OAuthClient oauth, Secret secret) {
    TokenSource badge =
        CachingTokenSource.of(
                () ->
                    oauth
                        .grant("urn:example:grant-type:badge")
                        .parameter("badge", secret)
                        .execute()
                        .accessToken())
            .build();
    return badge;
  }

  static TokenSet device(OAuthClient oauth) throws IOException {
    DeviceAuthorization device = oauth.device().scope("orders.read").begin();
    System.out.println("Open " + device.verificationUri() + " and enter " + device.userCode());
    TokenSet tokens = device.await();
    return tokens;
  }

  static OidcTokens backchannel(OidcClient oidc) throws IOException {
    BackchannelAuthentication asked =
        oidc.backchannel().loginHint("ada@example.com").bindingMessage("W4SCT").begin();
    OidcTokens login = oidc.await(asked);
    return login;
  }

  static void notification(BackchannelAuthentication asked, String authorizationHeader, String body)
      throws IOException {
    asked.notified(authorizationHeader, body);
  }

  static TokenSource serviceAccount(OAuthClient oauth, Secret secret) {
    SigningKey key = SigningKey.ofPem(secret);
    TokenSource robot = oauth.jwtBearer(key, Map.of("sub", "ada@example.com")).tokenSource();
    return robot;
  }

  static AccessToken exchange(OAuthClient oauth, Secret usersToken) throws IOException {
    ExchangedToken exchanged =
        oauth
            .exchange(usersToken, "urn:ietf:params:oauth:token-type:access_token")
            .audience("billing")
            .execute();
    AccessToken forBilling = exchanged.tokens().accessToken();
    return forBilling;
  }
}
