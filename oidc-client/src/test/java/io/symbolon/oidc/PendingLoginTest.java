package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A login on its way through the browser: whoever brings it back has to be whoever took it. */
final class PendingLoginTest {
  private static final String REDIRECT_URI = "https://shop.example.com/callback";
  private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");

  private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private FakeAuthorizationServer server;
  private OidcClient client;
  private PendingLogin login;

  @BeforeEach
  void begin() throws Exception {
    server = extension.server().client("shop", "s3cret").signIdTokensWith("ES256");
    client = client(server);
    login =
        client
            .login()
            .redirectUri(REDIRECT_URI)
            .scope("profile")
            .maxAge(Duration.ofHours(1))
            .requireAcr("gold")
            .attach("page", "/orders")
            .begin();
    server.idTokenClaims(claims -> claims.put("acr", "gold"));
  }

  private OidcClient client(FakeAuthorizationServer server) {
    return OidcClient.builder()
        .issuer(server.issuer())
        .clientId("shop")
        .clientSecret(Secret.of("s3cret"))
        .clock(clock)
        .build();
  }

  private static byte[] serialized(Object object) throws Exception {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(octets)) {
      out.writeObject(object);
    }
    return octets.toByteArray();
  }

  @SuppressWarnings("BanSerializableRead") // what we wrote ourselves
  private static PendingLogin deserialized(byte[] octets) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(octets))) {
      return (PendingLogin) in.readObject();
    }
  }

  private void assertRefused(String code, ThrowingCallable complete) {
    int before = server.tokenRequestCount();
    assertThatThrownBy(complete)
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(server.tokenRequestCount()).isEqualTo(before);
  }

  @Test
  void aSessionMayKeepIt() throws Exception {
    PendingLogin kept = deserialized(serialized(login));
    String callback = server.authorize(kept.url());

    assertThat(kept.url()).isEqualTo(login.url());
    assertThat(kept.state()).isEqualTo(login.state());
    assertThat(kept.redirectUri()).isEqualTo(REDIRECT_URI);
    assertThat(kept.createdAt()).isEqualTo(clock.instant());
    assertThat(kept.attachment("page")).isEqualTo("/orders");
    assertThat(client(server).complete(kept, callback).idToken().acr()).isEqualTo("gold");
  }

  @Test
  void aCookieMayKeepIt() throws Exception {
    PendingLogin kept = PendingLogin.unseal(login.seal(KEY, "session 1"), KEY, "session 1");
    String callback = server.authorize(kept.url());

    assertThat(kept.attachment("page")).isEqualTo("/orders");
    assertThat(client(server).complete(kept, callback).idToken().acr()).isEqualTo("gold");
  }

  @Test
  void whatItDemandsIsCheckedAfterTheJourneyToo() throws Exception {
    server.idTokenClaims(claims -> {});
    PendingLogin kept = PendingLogin.unseal(login.seal(KEY, ""), KEY, "");
    String callback = server.authorize(kept.url());

    assertThatThrownBy(() -> client.complete(kept, callback))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("acr"));
  }

  @Test
  void anotherSessionsCookieDoesNotOpen() {
    String sealed = login.seal(KEY, "session 1");

    assertRefused("login_damaged", () -> PendingLogin.unseal(sealed, KEY, "session 2"));
  }

  /** It has no nonce, so that any ID token without one would do. */
  @Test
  void anAuthorizationIsNoLogin() throws Exception {
    PendingAuthorization authorization =
        client.oauth().authorize().redirectUri(REDIRECT_URI).scope("openid").begin();

    assertRefused("login_damaged", () -> PendingLogin.unseal(authorization.seal(KEY, ""), KEY, ""));
  }

  @Test
  void twoCopiesAreOneLogin() throws Exception {
    byte[] octets = serialized(login);
    String callback = server.authorize(login.url());
    client.complete(deserialized(octets), callback);

    assertRefused("login_spent", () -> client.complete(deserialized(octets), callback));
  }

  @Test
  void anHourIsTooLong() throws Exception {
    String callback = server.authorize(login.url());
    clock.advance(Duration.ofHours(1));

    assertRefused("login_expired", () -> client.complete(login, callback));
  }

  @Test
  void aFormFromTheBrowserEndsALogin() throws Exception {
    PendingLogin byForm =
        client.login().redirectUri(REDIRECT_URI).formPost().requireAcr("gold").begin();
    String form = server.authorizeByFormPost(byForm.url().toString());

    OidcTokens tokens = client.complete(byForm, AuthorizationResponse.ofForm(form));

    assertThat(tokens.idToken().subject()).isEqualTo("alice");
  }

  /** The mix-up attack: the code of the honest server must not reach the other one. */
  @Test
  void aLoginBegunAtOneServerDoesNotEndAtAnother() throws Exception {
    try (FakeAuthorizationServer evil = FakeAuthorizationServer.builder().clock(clock).start()) {
      evil.client("shop", "s3cret");
      OidcClient atEvil = client(evil);
      PendingLogin evilLogin = atEvil.login().redirectUri(REDIRECT_URI).begin();
      String callback = server.authorize(login.url());

      assertRefused("issuer_mismatch", () -> atEvil.complete(login, callback));
      String planted = callback.replaceAll("state=[^&]*", "state=" + evilLogin.state().reveal());
      assertRefused("issuer_mismatch", () -> atEvil.complete(evilLogin, planted));
      assertThat(evil.tokenRequestCount()).isZero();
      assertThat(server.tokenRequestCount()).isZero();
    }
  }
}
