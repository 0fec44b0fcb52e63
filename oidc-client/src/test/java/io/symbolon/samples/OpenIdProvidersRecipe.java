package io.symbolon.samples;

import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.providers.UserIdentity;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Logins with providers that speak OpenID Connect. */
final class OpenIdProvidersRecipe {
  private OpenIdProvidersRecipe() {}

  static PendingLogin begin(String clientId, Secret secret, Map<String, Object> session)
      throws IOException {
    OidcClient google =
        OidcClient.builder()
            .provider(Providers.google())
            .clientId(clientId)
            .clientSecret(secret)
            .build(); // once, and kept
    PendingLogin login = google.login().redirectUri("https://shop.example.com/google").begin();
    session.put("login", login);
    return login;
  }

  static UserIdentity complete(OidcClient google, Map<String, Object> session, String callbackUrl)
      throws IOException {
    PendingLogin login = (PendingLogin) session.remove("login");
    OidcTokens tokens = google.complete(login, callbackUrl);
    return google.identity(tokens); // key(), name(), email(), isEmailVerified() …
  }

  static PendingLogin googleOffline(OidcClient google) throws IOException {
    return google
        .login()
        .redirectUri("https://shop.example.com/google")
        .scope("profile email https://www.googleapis.com/auth/calendar.readonly")
        .parameter("access_type", "offline") // a refresh token …
        .prompt("consent") // … at every login, not only at the first
        .parameter("include_granted_scopes", "true")
        .begin();
  }

  static PendingLogin googleWorkspace(OidcClient google) throws IOException {
    return google
        .login()
        .redirectUri("https://shop.example.com/google")
        .parameter("hd", "example.com") // what the page offers
        .requireClaim("hd", "example.com") // what is believed
        .begin();
  }

  static TokenSource googleServiceAccount(SigningKey key) {
    OAuthClient google =
        Providers.google().client("reports@project-1.iam.gserviceaccount.com").build();
    return google
        .jwtBearer(
            key, // SigningKey.ofPem(private_key).keyId(private_key_id)
            Map.of(
                "scope", "https://www.googleapis.com/auth/drive.readonly",
                "aud", "https://oauth2.googleapis.com/token"))
        .tokenSource();
  }

  static OidcClient microsoft(String clientId, Secret secret, String ours, String customer) {
    return OidcClient.builder()
        .provider(Providers.microsoftMultiTenant(ours, customer))
        .clientId(clientId)
        .clientSecret(secret)
        .build();
  }

  static @Nullable String microsoftUser(OidcTokens tokens) {
    return tokens.idToken().text("tid") + " " + tokens.idToken().text("oid");
  }

  static OidcClient apple(Secret pem) {
    SigningKey key = SigningKey.ofPem(pem).keyId("ABC123DEFG");
    return OidcClient.builder()
        .provider(Providers.apple())
        .clientId("com.example.web")
        .authentication(ClientAuthentication.postSigned(key, "TEAM123456"))
        .build();
  }

  static @Nullable Object appleName(OidcTokens tokens) {
    return tokens.tokens().member("user"); // {"name":{"firstName":"John", …}}
  }

  static OAuthClient referenceTokens(Secret apiSecret) {
    return Providers.duende("https://id.example.com").client("orders-api", apiSecret).build();
  }
}
