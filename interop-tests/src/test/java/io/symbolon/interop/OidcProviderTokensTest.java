package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.Introspection;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.registration.ClientMetadata;
import io.symbolon.oauth.registration.ClientRegistration;
import io.symbolon.oauth.registration.RegistrationEndpoint;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Introspection, revocation and registration at node-oidc-provider. */
final class OidcProviderTokensTest {
  @AutoClose private static OidcProviderProcess provider;

  @BeforeAll
  static void start() {
    provider = OidcProviderProcess.start();
  }

  private static OAuthClient client(String clientId) {
    return OAuthClient.builder()
        .issuer(provider.issuer())
        .clientId(clientId)
        .clientSecret(Secret.of(OidcProviderProcess.SECRET))
        .httpClient(provider.http())
        .build();
  }

  @Test
  void aTokenIsActiveUntilItIsRevoked() throws IOException {
    OAuthClient client = client("basic");
    AccessToken token = client.clientCredentials().scope("api:read").execute().accessToken();

    Introspection before = client.introspect(token.value());
    client.revoke(token);
    client.revoke(token);

    assertThat(before.isActive()).isTrue();
    assertThat(before.clientId()).isEqualTo("basic");
    assertThat(before.scope()).containsExactly("api:read");
    assertThat(before.expiresAt()).isNotNull();
    assertThat(client.introspect(token.value()).isActive()).isFalse();
    assertThat(client.introspect(Secret.of("unknown")).isActive()).isFalse();
  }

  @Test
  void theServerSignsWhatItSaysAboutAToken() throws IOException {
    OAuthClient client = client("introjwt");
    Secret token = client.clientCredentials().scope("api:read").execute().accessToken().value();

    Introspection introspection = client.introspectSigned(token);

    assertThat(introspection.isActive()).isTrue();
    assertThat(introspection.clientId()).isEqualTo("introjwt");
    assertThat(client.introspectSigned(Secret.of("unknown")).isActive()).isFalse();
    assertThatThrownBy(() -> client.introspectSigned(token, "https://rs.example.com"))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("invalid_introspection"));
  }

  @Test
  void aWrongSecretIsAnErrorAndNotAnInactiveToken() {
    OAuthClient stranger =
        OAuthClient.builder()
            .issuer(provider.issuer())
            .clientId("basic")
            .clientSecret(Secret.of("wrong"))
            .httpClient(provider.http())
            .build();

    assertThatThrownBy(() -> stranger.introspect(Secret.of("any")))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_client"));
  }

  @Test
  void aClientRegistersIsChangedAndIsGone() throws IOException {
    OAuthClient known = client("basic");
    RegistrationEndpoint endpoint = RegistrationEndpoint.of(known.server(), provider.http());

    ClientRegistration registration =
        endpoint.register(
            ClientMetadata.empty()
                .redirectUris("https://shop.example.com/callback")
                .clientName("Shop")
                .grantTypes("authorization_code", "client_credentials"));
    OAuthClient registered =
        registration.client(known.server()).httpClient(provider.http()).build();
    assertThat(registered.clientCredentials().execute().accessToken()).isNotNull();

    ClientRegistration read = endpoint.read(registration);
    assertThat(read.clientId()).isEqualTo(registration.clientId());
    ClientRegistration changed = endpoint.update(read, read.metadata().clientName("The Shop"));
    assertThat(changed.metadata().members()).containsEntry("client_name", "The Shop");

    endpoint.delete(changed);
    assertThatThrownBy(() -> endpoint.read(changed)).isInstanceOf(OAuthErrorException.class);
  }

  @Test
  void aRegistrationThatTheServerDoesNotWantIsAnError() throws IOException {
    RegistrationEndpoint endpoint =
        RegistrationEndpoint.of(client("basic").server(), provider.http());

    assertThatThrownBy(() -> endpoint.register(ClientMetadata.empty().redirectUris("not a URL")))
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> assertThat(e.error()).isEqualTo("invalid_redirect_uri"));
  }
}
