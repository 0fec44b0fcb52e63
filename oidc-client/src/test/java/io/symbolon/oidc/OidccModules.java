package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The ground for the mirrors of the OpenID Foundation's relying-party modules. The display name of
 * a test is the name of the module; the client does what the suite waits for: a login, then
 * UserInfo.
 */
abstract class OidccModules {
  static final String REDIRECT_URI = "https://rp.example.com/cb";
  static final String SECRET = "a secret of more than thirty-two octets";
  static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  static final String DISCOVERY = "GET /.well-known/openid-configuration";
  static final String AUTHORIZE = "GET /authorize";
  static final String TOKEN = "POST /token";
  static final String KEYS = "GET /jwks";
  static final String USER_INFO = "GET /userinfo";

  final TestClock clock = TestClock.at(NOW);

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  FakeAuthorizationServer server;

  @BeforeEach
  final void register() {
    server = extension.server().client("rp", SECRET, REDIRECT_URI).user("ada", Map.of());
  }

  final OidcClient.Builder builder() {
    return OidcClient.builder()
        .issuer(server.issuer())
        .clientId("rp")
        .clientSecret(Secret.of(SECRET))
        .clock(clock);
  }

  /** What went over the wire, in order. */
  final List<String> wire() {
    return server.requests().stream()
        .map(request -> request.method() + " " + request.path())
        .collect(Collectors.toList());
  }

  final ReceivedRequest last(String path) {
    return server.requests().stream()
        .filter(request -> request.path().equals(path))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("nobody asked for " + path));
  }

  final void withoutKeyNames() {
    server.idTokenHeader(header -> header.remove("kid"));
    server.jwks(set -> keys(set).forEach(key -> key.remove("kid")));
  }

  /** One character of the signature is another; the encoding stays sound. */
  static String spoilt(String token) {
    int middle = token.lastIndexOf('.') + 20;
    char other = token.charAt(middle) == 'A' ? 'B' : 'A';
    return token.substring(0, middle) + other + token.substring(middle + 1);
  }

  /** Publishes a key of the test's, so that it can sign in the name of the server. */
  final void publishOwnKey() {
    server.jwks(set -> keys(set).addAll(keys(HostileKeys.set("single"))));
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> keys(Map<String, Object> set) {
    return (List<Map<String, Object>>) set.get("keys");
  }

  /** Signed with that key, whatever the header says. */
  static String signed(String header, Map<String, Object> claims) throws Exception {
    return HostileKeys.signed(header, HostileJson.text(claims));
  }

  /** The ID token is refused by this check, and by none that was not meant. */
  static void assertIdTokenRefused(String check, ThrowingCallable login) {
    assertThatThrownBy(login)
        .isInstanceOfSatisfying(
            IdTokenException.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid_id_token");
              assertThat(e.check()).isEqualTo(check);
              assertThat(e.verdict().failure().name()).isEqualTo(check);
            });
  }

  static void assertRefused(String code, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(OAuthException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
