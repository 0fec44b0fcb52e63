package io.symbolon.samples;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.providers.UserIdentity;
import java.io.IOException;
import java.util.Map;

/** The programs of docs/providers.md. */
final class ProvidersSample {
  private ProvidersSample() {}

  static String login(Map<String, Object> session, String clientId, Secret secret)
      throws IOException {
    Provider github = Providers.github();
    OAuthClient oauth = github.client(clientId, secret).build(); // once, and kept
    PendingAuthorization login =
        github.authorize(oauth).redirectUri("https://shop.example.com/callback").begin();
    session.put("login", login);
    return login.url().toString();
  }

  static UserIdentity callback(
      Map<String, Object> session, OAuthClient oauth, Provider github, String callbackUrl)
      throws IOException {
    PendingAuthorization login = (PendingAuthorization) session.remove("login");
    TokenSet tokens = oauth.complete(login, callbackUrl);
    return github.identity(tokens, oauth); // key(), name(), email(), isEmailVerified() …
  }

  static Provider ownProvider() {
    return Provider.named("Example", "https://docs.example.com/login")
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint("https://login.example.com/authorize")
                .tokenEndpoint("https://login.example.com/token")
                .dialect(
                    Dialect.builder()
                        .parameter("client_id", "client_key")
                        .scopeSeparator(",")
                        .envelope("data")
                        .errors("data.error_code", "data.description")
                        .error("10010", "invalid_grant")
                        .bearerUnlessSaid()
                        .build())
                .build())
        .scope("user_info")
        .userInfo(
            "https://api.example.com/me",
            Dialect.builder().member("user_id", "sub").member("nick", "name").build())
        .api("https://api.example.com")
        .build();
  }
}
