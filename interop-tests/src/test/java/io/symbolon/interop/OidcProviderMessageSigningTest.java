package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.Profile;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oidc.LoginRequest;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encrypted requests, and signed words about a token, at node-oidc-provider. */
final class OidcProviderMessageSigningTest {
  private static final String REDIRECT_URI = "https://rp.localhost/cb";

  @AutoClose private static OidcProviderProcess provider;

  @BeforeAll
  static void start() {
    provider = OidcProviderProcess.start();
  }

  private static SigningKey signingKey() {
    String key = provider.clientKeys().getKeyByKeyId("sig-ES256").toJSONString();
    return SigningKey.ofJwk(Secret.of(key));
  }

  private static OidcClient.Builder builder(String clientId) {
    return OidcClient.builder()
        .issuer(provider.issuer())
        .clientId(clientId)
        .authentication(ClientAuthentication.privateKeyJwt(signingKey()))
        .httpClient(provider.http());
  }

  private static String subject(OidcClient oidc, LoginRequest request) throws IOException {
    PendingLogin login = request.begin();
    ScriptedBrowser ada = ScriptedBrowser.of(provider.http(), "ada", "anything");
    String callback = ada.callback(login.url().toString()).url().toString();
    return oidc.complete(login, callback).idToken().subject();
  }

  @ParameterizedTest
  @CsvSource({"jar-enc,RSA-OAEP-256,A256GCM", "jar,ECDH-ES,A128CBC-HS256"})
  void anEncryptedRequestIsTaken(String clientId, String alg, String enc) throws Exception {
    OidcClient oidc = builder(clientId).build();

    assertThat(subject(oidc, request(oidc, alg, enc))).isEqualTo("ada");
    assertThat(subject(oidc, request(oidc, alg, enc).pushed())).isEqualTo("ada");
    HttpUrl url = HttpUrl.get(request(oidc, alg, enc).begin().url());
    assertThat(url.queryParameter("request").split("\\.")).hasSize(5);
  }

  private static LoginRequest request(OidcClient oidc, String alg, String enc) {
    return oidc.login()
        .redirectUri(REDIRECT_URI)
        .signedWith(signingKey())
        .requestObjectEncryption(alg, enc);
  }

  @Test
  void anAlgorithmThatTheServerDoesNotTakeIsRefusedHere() {
    OidcClient oidc = builder("jar-enc").build();

    assertThatThrownBy(() -> request(oidc, "ECDH-ES+A256KW", "A256GCM").begin())
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("request_object_encryption_alg_values_supported");
  }

  @Test
  void theProfileHasTheServerSignWhatItSaysAboutAToken() throws Exception {
    OidcClient bank =
        builder("fapi2-dpop-signing")
            .dpop(SigningKey.generate("ES256"))
            .profile(Profile.FAPI_2_0_MESSAGE_SIGNING)
            .build();
    TokenSet tokens = bank.oauth().clientCredentials().scope("api:read").execute();

    assertThat(bank.oauth().introspect(tokens.accessToken().value()).isActive()).isTrue();
    assertThat(bank.oauth().introspect(Secret.of("unknown")).isActive()).isFalse();
  }

  /** It is registered for plain answers, and the server gives none when a signed one is wanted. */
  @Test
  void anAnswerThatIsNotSignedIsNotTaken() throws Exception {
    OidcClient bank =
        builder("fapi2-dpop")
            .dpop(SigningKey.generate("ES256"))
            .profile(Profile.FAPI_2_0_MESSAGE_SIGNING)
            .build();
    TokenSet tokens = bank.oauth().clientCredentials().scope("api:read").execute();

    assertThatThrownBy(() -> bank.oauth().introspect(tokens.accessToken().value()))
        .isInstanceOf(OAuthException.class);
  }
}
