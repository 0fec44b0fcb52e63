package io.symbolon.cli.demo;

import static org.springframework.security.oauth2.core.AuthorizationGrantType.AUTHORIZATION_CODE;
import static org.springframework.security.oauth2.core.AuthorizationGrantType.CLIENT_CREDENTIALS;
import static org.springframework.security.oauth2.core.AuthorizationGrantType.DEVICE_CODE;
import static org.springframework.security.oauth2.core.AuthorizationGrantType.REFRESH_TOKEN;
import static org.springframework.security.oauth2.core.ClientAuthenticationMethod.CLIENT_SECRET_BASIC;
import static org.springframework.security.oauth2.core.ClientAuthenticationMethod.NONE;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** Who may ask the demo server for tokens. */
final class DemoClients {
  static final String DESKTOP = "desktop";

  private static final List<String> SCOPES =
      List.of("openid", "profile", "email", "orders.read", "reports.read");

  private static final List<String> USER_SCOPES = SCOPES.subList(0, 4);

  final DemoClient reportsService;
  final DemoClient webShop = new DemoClient("web-shop", randomSecret());

  /**
   * Every character that a client must form-encode before it may put id and secret into a Basic
   * header.
   */
  final DemoClient weird = new DemoClient("weird:id%&+/", "%41&+:/p%2Bw d=~?#");

  private final TokenSettings tokens;

  DemoClients(String reportsSecret, Duration accessTokenLifetime) {
    reportsService = new DemoClient("reports-service", reportsSecret);
    tokens =
        TokenSettings.builder()
            .accessTokenTimeToLive(accessTokenLifetime)
            .reuseRefreshTokens(false)
            .build();
  }

  /** Puts every scope there is into a list. */
  static void list(List<String> scopes) {
    scopes.clear();
    scopes.addAll(SCOPES);
  }

  static String randomSecret() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  RegisteredClientRepository repository() {
    return new InMemoryRegisteredClientRepository(
        service(reportsService), service(weird), webShopRegistration(), desktopRegistration());
  }

  private RegisteredClient service(DemoClient client) {
    return confidential(client)
        .authorizationGrantType(CLIENT_CREDENTIALS)
        .scope("reports.read")
        .build();
  }

  private RegisteredClient webShopRegistration() {
    return confidential(webShop)
        .authorizationGrantType(AUTHORIZATION_CODE)
        .authorizationGrantType(REFRESH_TOKEN)
        .redirectUri("https://shop.example.com/callback")
        .redirectUri("http://127.0.0.1/callback")
        .postLogoutRedirectUri("https://shop.example.com/")
        .scopes(scopes -> scopes.addAll(USER_SCOPES))
        .build();
  }

  private RegisteredClient desktopRegistration() {
    return RegisteredClient.withId(DESKTOP)
        .clientId(DESKTOP)
        .clientAuthenticationMethod(NONE)
        .clientSettings(ClientSettings.builder().requireProofKey(true).build())
        .tokenSettings(tokens)
        .authorizationGrantType(AUTHORIZATION_CODE)
        .authorizationGrantType(REFRESH_TOKEN)
        .authorizationGrantType(DEVICE_CODE)
        .redirectUri("http://127.0.0.1/callback")
        .postLogoutRedirectUri("http://127.0.0.1/signed-out")
        .scopes(scopes -> scopes.addAll(USER_SCOPES))
        .build();
  }

  private RegisteredClient.Builder confidential(DemoClient client) {
    return RegisteredClient.withId(client.id())
        .clientId(client.id())
        .clientSecret(client.secret())
        .clientAuthenticationMethod(CLIENT_SECRET_BASIC)
        .tokenSettings(tokens);
  }
}
