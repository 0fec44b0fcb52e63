package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.registration.ClientMetadata;
import io.symbolon.oauth.registration.ClientRegistration;
import io.symbolon.oauth.registration.RegistrationEndpoint;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The module of {@code oidcc-client-dynamic-certification-test-plan} about registration. */
final class OidccRegistrationModulesTest extends OidccModules {
  @Test
  @DisplayName("oidcc-client-test-dynamic-registration")
  void aClientIsRegisteredAndLogsIn() throws Exception {
    AuthorizationServer found = builder().build().oauth().server();

    ClientRegistration registration =
        RegistrationEndpoint.of(found, new OkHttpClient())
            .register(ClientMetadata.empty().redirectUris(REDIRECT_URI));

    assertThat(wire()).containsExactly(DISCOVERY, "POST /register");
    OidcClient client =
        OidcClient.builder()
            .server(found)
            .clientId(registration.clientId())
            .clientSecret(registration.clientSecret())
            .clock(clock)
            .build();
    PendingLogin login = client.login().redirectUri(REDIRECT_URI).begin();
    assertThat(client.complete(login, server.authorize(login.url())).idToken().audience())
        .containsExactly(registration.clientId());
  }
}
