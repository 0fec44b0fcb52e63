package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins that another site asks for (OpenID Connect Core §4). */
final class ThirdPartyLoginTest {
  private static final String OWN = "https://shop.example.com";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OidcClient oidc;

  @BeforeEach
  void register() {
    server = extension.server().publicClient("app");
    oidc = OidcClient.builder().issuer(server.issuer()).clientId("app").build();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String query(String more) {
    return "iss=" + encode(server.issuer()) + more;
  }

  private void assertRefused(String code, String query, String... ownOrigins) {
    assertThatThrownBy(() -> oidc.thirdPartyLogin(query, ownOrigins))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void theHintIsPassedOnAndTheTargetIsKept() throws Exception {
    String target = OWN + "/orders?id=7";

    PendingLogin login =
        oidc.thirdPartyLogin(
                query("&login_hint=ada%40example.com&target_link_uri=" + encode(target)), OWN)
            .redirectUri(OWN + "/callback")
            .begin();

    assertThat(HttpUrl.get(login.url()).queryParameter("login_hint")).isEqualTo("ada@example.com");
    assertThat(login.attachment("target_link_uri")).isEqualTo(target);
    assertThat(login.url().toString()).doesNotContain("orders");
  }

  @Test
  void hintAndTargetMayBeMissing() throws Exception {
    PendingLogin login = oidc.thirdPartyLogin(query("")).redirectUri(OWN + "/callback").begin();

    assertThat(login.attachment("target_link_uri")).isNull();
    assertThat(HttpUrl.get(login.url()).queryParameter("login_hint")).isNull();
  }

  @Test
  void anotherIssuerIsRefusedAndNotAsked() {
    HostileCase unknown = HostileCases.of("authorization_responses").named("AUTHZ-MODE-13");
    assertRefused("issuer_mismatch", (String) unknown.object("request").get("query"), OWN);
    assertRefused("issuer_mismatch", "", OWN);
    assertRefused("issuer_mismatch", "iss=" + encode(server.issuer() + "/"), OWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "https://shop.example.com.evil.example/",
        "https://shop.example.com@evil.example/",
        "https://shop.example.com:8443/",
        "http://shop.example.com/",
        "http://shop.example.com:443/",
        "//evil.example/",
        "/\\evil.example",
        "https:///evil.example",
        "https://evil.example\\@shop.example.com/",
        "javascript:alert(1)//https://shop.example.com/",
        "https://shop.example.com/\r\nLocation: https://evil.example",
        "orders"
      })
  void aTargetThatIsNotOursIsRefused(String target) {
    assertRefused("invalid_url", query("&target_link_uri=" + encode(target)), OWN);
  }

  @Test
  void withoutOwnOriginsNoTargetIsOurs() {
    assertRefused("invalid_url", query("&target_link_uri=" + encode(OWN + "/")));
  }

  @Test
  void whatCannotBeReadIsRefused() {
    assertRefused("malformed_response", query("&iss=https%3A%2F%2Fevil.example"), OWN);
    assertRefused("malformed_response", query("&login_hint=%zz"), OWN);
    assertRefused("malformed_response", query("&x=" + "a".repeat(70_000)), OWN);
  }
}
