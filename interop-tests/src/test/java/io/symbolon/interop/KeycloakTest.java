package io.symbolon.interop;

import io.symbolon.oauth.Secret;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("keycloak")
final class KeycloakTest extends RelyingPartyContract {
  @AutoClose private static KeycloakProcess keycloak;

  @BeforeAll
  static void start() {
    keycloak = KeycloakProcess.start();
  }

  @Override
  String issuer() {
    return keycloak.issuer();
  }

  @Override
  String user() {
    return KeycloakProcess.USERNAME;
  }

  @Override
  String password() {
    return KeycloakProcess.PASSWORD;
  }

  @Override
  String serviceId() {
    return "conf";
  }

  @Override
  Secret serviceSecret() {
    return Secret.of("conf-secret");
  }

  @Override
  String serviceScope() {
    return "email";
  }

  @Override
  String desktopId() {
    return "public-pkce";
  }

  @Override
  String desktopScope() {
    return "profile email";
  }
}
