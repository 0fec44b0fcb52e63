package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.internal.json.StrictJson;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The modules of {@code oidcc-client-dynamic-certification-test-plan} about {@code request_uri}.
 */
final class OidccRequestObjectModulesTest extends OidccModules {
  private static final String PUBLISHED_AT = "https://rp.example.com/requests/w7GHCcJxwGCA";

  private final SigningKey key = SigningKey.generate("RS256");
  private Secret published;

  private String publish(Secret requestObject) {
    published = requestObject;
    return PUBLISHED_AT;
  }

  @Test
  @DisplayName("oidcc-client-test-request-uri-signed-rs256")
  void theServerFetchesARequestThatIsSigned() throws Exception {
    OidcClient client = builder().build();
    PendingLogin login =
        client
            .login()
            .redirectUri(REDIRECT_URI)
            .scope("email")
            .signedWith(key)
            .byReference(this::publish)
            .begin();

    HttpUrl url = HttpUrl.get(login.url());
    assertThat(url.queryParameterNames())
        .containsExactlyInAnyOrder("response_type", "client_id", "scope", "request_uri");
    assertThat(url.queryParameter("request_uri")).isEqualTo(PUBLISHED_AT);
    UserInfo info = client.userInfo(client.complete(login, server.authorize(opened(url))));
    assertThat(info.subject()).isEqualTo("ada");
  }

  /** What a provider does with it: fetch, verify, and take what is inside. */
  private HttpUrl opened(HttpUrl url) throws Exception {
    StrictJwt jwt = StrictJwt.parse(published.reveal());
    KeySet keys = KeySet.of(Map.of("keys", List.of(StrictJson.parseObject(key.publicJwk()))));
    assertThat(jwt.algorithm()).isEqualTo("RS256");
    assertThat(keys.candidates(jwt.keyId(), SignatureAlgorithm.RS256))
        .anyMatch(candidate -> candidate.verifies(SignatureAlgorithm.RS256, jwt));
    assertThat(jwt.claims())
        .containsEntry("iss", "rp")
        .containsEntry("aud", server.issuer())
        .containsKeys("exp", "iat", "jti", "nonce", "code_challenge")
        .doesNotContainKeys("sub", "request", "request_uri");
    return plain(jwt.claims(), url);
  }

  private static HttpUrl plain(Map<String, Object> claims, HttpUrl url) {
    HttpUrl.Builder plain = url.newBuilder().query(null);
    claims.forEach((name, value) -> plain.addQueryParameter(name, String.valueOf(value)));
    return plain.build();
  }
}
