package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.jose.PrivateJwk;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.SignedJwt;
import java.security.PrivateKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The modules of {@code oidcc-client-rp-initiated-logout-rp-basic}, {@code
 * oidcc-client-back-channel-logout-rp-basic} and {@code
 * oidcc-client-front-channel-logout-rp-basic}.
 */
final class OidccLogoutModulesTest extends OidccModules {
  private static final String LOGGED_OUT = "https://rp.example.com/logged-out";
  private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"rs1\",\"typ\":\"logout+jwt\"}";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  private OidcClient client;
  private IdToken login;

  @BeforeEach
  void logIn() throws Exception {
    publishOwnKey();
    server.metadata(it -> it.put("end_session_endpoint", server.url("/end_session")));
    server.idTokenClaims(claims -> claims.put("sid", "session-1"));
    client = builder().build();
    PendingLogin pending = client.login().redirectUri(REDIRECT_URI).begin();
    login = client.complete(pending, server.authorize(pending.url())).idToken();
  }

  private PendingLogout logOut() throws Exception {
    return client.logout().idTokenHint(login).postLogoutRedirectUri(LOGGED_OUT).begin();
  }

  // RP-initiated.

  @Test
  @DisplayName("oidcc-client-test-rp-init-logout")
  void theWayBackRepeatsTheState() throws Exception {
    PendingLogout logout = logOut();

    HttpUrl url = HttpUrl.get(logout.url());
    assertThat(url.queryParameter("id_token_hint")).isEqualTo(login.serialized().reveal());
    assertThat(url.queryParameter("post_logout_redirect_uri")).isEqualTo(LOGGED_OUT);
    PendingLogout.checkReturn(logout.state(), LOGGED_OUT + "?state=" + url.queryParameter("state"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-init-logout-other-state")
  void aWayBackWithAnotherStateIsRefused() throws Exception {
    PendingLogout logout = logOut();

    assertRefused(
        "state_mismatch",
        () ->
            PendingLogout.checkReturn(
                logout.state(), LOGGED_OUT + "?state=" + logout.state().reveal() + "1"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-init-logout-no-state")
  void aWayBackWithoutStateIsRefused() throws Exception {
    PendingLogout logout = logOut();

    assertRefused("state_mismatch", () -> PendingLogout.checkReturn(logout.state(), LOGGED_OUT));
  }

  // Back-channel.

  private Map<String, Object> claims() {
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", server.issuer());
    claims.put("aud", "rp");
    claims.put("sub", "ada");
    claims.put("sid", "session-1");
    claims.put("iat", NOW.getEpochSecond());
    claims.put("exp", NOW.getEpochSecond() + 120);
    claims.put("jti", "1");
    claims.put("events", Map.of(EVENT, Map.of()));
    return claims;
  }

  private LogoutToken receive(String token) throws Exception {
    return client.backchannelLogout("logout_token=" + token);
  }

  private void assertLogoutRefused(String check, Consumer<Map<String, Object>> forgery)
      throws Exception {
    Map<String, Object> claims = claims();
    forgery.accept(claims);
    assertLogoutRefused(check, signed(HEADER, claims));
  }

  /** An honest token is believed afterwards, so that nothing else was the reason. */
  private void assertLogoutRefused(String check, String token) throws Exception {
    assertThatThrownBy(() -> receive(token))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid_logout_token");
              assertThat(e.verdict().failure().name()).isEqualTo(check);
            });
    assertThat(receive(signed(HEADER, claims())).ends(login)).isTrue();
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout")
  void aLogoutTokenEndsTheLogin() throws Exception {
    LogoutToken token = receive(signed(HEADER, claims()));

    assertThat(token.sessionId()).isEqualTo("session-1");
    assertThat(token.ends(login)).isTrue();
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-alg-none")
  void anUnsignedLogoutTokenIsRefused() throws Exception {
    String token = signed("{\"alg\":\"none\"}", claims());
    assertLogoutRefused("format", token.substring(0, token.lastIndexOf('.') + 1));
  }

  /** The suite signs with an algorithm that it announces, and with a key that it publishes. */
  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg")
  void anotherAlgorithmThanTheRegisteredIsRefused() throws Exception {
    server.jwks(set -> keys(set).addAll(keys(HostileKeys.set("default"))));
    server.metadata(
        it -> it.put("id_token_signing_alg_values_supported", List.of("none", "RS256", "ES256")));
    PrivateKey key = PrivateJwk.ofJson(HostileKeys.privateJwk("es1"), "sig").key();
    String token =
        SignedJwt.of(
            Map.of("alg", "ES256", "kid", "es1"),
            claims(),
            input -> SignatureAlgorithm.ES256.signature(key, input));

    client = builder().build();
    assertThat(receive(token).ends(login)).isTrue(); // nobody has said which is registered
    client = builder().idTokenAlgorithms("RS256").build();
    assertLogoutRefused("alg", token);
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-no-event")
  void aLogoutTokenWithoutEventIsRefused() throws Exception {
    assertLogoutRefused("events", claims -> claims.remove("events"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event")
  void anotherEventIsRefused() throws Exception {
    assertLogoutRefused("events", claims -> claims.put("events", Map.of(EVENT + "1", Map.of())));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce")
  void aLogoutTokenWithNonceIsRefused() throws Exception {
    assertLogoutRefused("nonce", claims -> claims.put("nonce", "n"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud")
  void aLogoutTokenForAnotherClientIsRefused() throws Exception {
    assertLogoutRefused("aud", claims -> claims.put("aud", "rp1"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss")
  void theLogoutTokenOfAnotherIssuerIsRefused() throws Exception {
    assertLogoutRefused("iss", claims -> claims.put("iss", server.issuer() + "1"));
  }

  // Front-channel.

  private String frontChannel(String session) {
    return HttpUrl.get("https://rp.example.com/front-logout")
        .newBuilder()
        .addQueryParameter("iss", server.issuer())
        .addQueryParameter("sid", session)
        .build()
        .toString();
  }

  @Test
  @DisplayName("oidcc-client-test-rp-frontchannel-rpinitlogout")
  void theIframeNamesTheSession() throws Exception {
    client.checkFrontchannelLogout(login, frontChannel("session-1"));

    assertRefused(
        "invalid_logout_request",
        () -> client.checkFrontchannelLogout(login, frontChannel("session-2")));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-frontchannel-opinitlogout")
  void theIframeMayComeUnasked() throws Exception {
    client.checkFrontchannelLogout(login, frontChannel("session-1"));
  }
}
