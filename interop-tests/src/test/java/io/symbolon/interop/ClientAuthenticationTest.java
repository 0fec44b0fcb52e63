package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a client proves itself, at node-oidc-provider. */
final class ClientAuthenticationTest {
  @AutoClose private static OidcProviderProcess provider;

  @BeforeAll
  static void start() {
    provider = OidcProviderProcess.start();
  }

  private static OAuthClient client(
      String clientId, ClientAuthentication authentication, OkHttpClient http) {
    return OAuthClient.builder()
        .issuer(provider.issuer())
        .clientId(clientId)
        .authentication(authentication)
        .httpClient(http)
        .build();
  }

  private static AccessToken token(String clientId, ClientAuthentication authentication)
      throws Exception {
    return client(clientId, authentication, provider.http())
        .clientCredentials()
        .scope("api:read")
        .execute()
        .accessToken();
  }

  private static SigningKey key(String keyId) {
    return SigningKey.ofJwk(Secret.of(provider.clientKeys().getKeyByKeyId(keyId).toJSONString()));
  }

  @ParameterizedTest
  @CsvSource({
    "pkjwt, sig-ES256",
    "pkjwt-ps256, sig-PS256",
    "pkjwt-rs256, sig-RS256",
    "pkjwt-eddsa, sig-EdDSA"
  })
  void aClientSignsItsAssertions(String clientId, String keyId) throws Exception {
    ClientAuthentication authentication = ClientAuthentication.privateKeyJwt(key(keyId));
    assertThat(token(clientId, authentication).scope()).containsExactly("api:read");
    assertThat(token(clientId, authentication)).isNotNull();
  }

  @Test
  void anotherKeyDoesNotHelp() {
    SigningKey other = SigningKey.generate("ES256").keyId("sig-ES256");
    assertThatThrownBy(() -> token("pkjwt", ClientAuthentication.privateKeyJwt(other)))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.code()).isEqualTo("invalid_client"));
  }

  @Test
  void aClientAuthenticatesItsAssertionsWithItsSecret() throws Exception {
    Secret secret = Secret.of(OidcProviderProcess.SECRET);
    assertThat(token("csjwt", ClientAuthentication.clientSecretJwt(secret))).isNotNull();
    assertThatThrownBy(
            () ->
                token(
                    "csjwt",
                    ClientAuthentication.clientSecretJwt(Secret.of(secret.reveal() + "x"))))
        .isInstanceOf(OAuthErrorException.class);
  }

  @Test
  void aSecretMayBeSuppliedAndHoldAnyCharacter() throws Exception {
    ClientAuthentication supplied =
        ClientAuthentication.basic(() -> Secret.of(OidcProviderProcess.WEIRD_SECRET));
    assertThat(token("weird:id%&+/", supplied)).isNotNull();
    Secret secret = Secret.of(OidcProviderProcess.SECRET);
    assertThat(token("post", ClientAuthentication.post(secret))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mtls-self", "mtls-pki"})
  void aClientShowsItsCertificateAndItsTokensAreBoundToIt(String clientId) throws Exception {
    ClientAuthentication authentication =
        clientId.equals("mtls-pki")
            ? ClientAuthentication.tlsClientAuth()
            : ClientAuthentication.selfSignedTlsClientAuth();
    OAuthClient client = client(clientId, authentication, provider.mtlsHttp());

    assertThat(client.server().tokenEndpoint().toString()).doesNotStartWith(provider.issuer());
    AccessToken token = client.clientCredentials().scope("api:read").execute().accessToken();
    assertThat(token).isNotNull();
    assertThatThrownBy(
            () -> client(clientId, authentication, provider.http()).clientCredentials().execute())
        .isInstanceOf(java.io.IOException.class);
  }

  @Test
  void aPushedRequestIsAuthenticatedByAssertion() throws Exception {
    OAuthClient client =
        client("pkjwt", ClientAuthentication.privateKeyJwt(key("sig-ES256")), provider.http());
    assertThat(
            client
                .authorize()
                .redirectUri("https://rp.localhost/cb")
                .pushed()
                .begin()
                .url()
                .toString())
        .contains("request_uri=");
  }
}
