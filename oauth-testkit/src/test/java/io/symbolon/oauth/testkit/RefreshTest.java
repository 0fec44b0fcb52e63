package io.symbolon.oauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RefreshTest {
  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  @Test
  void aRefreshYieldsNewTokensOfBothKinds() throws Exception {
    App app = App.publicClient(extension.server());
    App.Answer login = app.login("orders");

    App.Answer refreshed = app.refresh(login.string("refresh_token"));

    assertThat(refreshed.string("access_token")).isNotEqualTo(login.string("access_token"));
    assertThat(refreshed.string("refresh_token")).isNotEqualTo(login.string("refresh_token"));
    assertThat(api(app, login)).isEqualTo(200);
    assertThat(api(app, refreshed)).isEqualTo(200);
  }

  @Test
  void aUsedRefreshTokenRevokesItsWholeFamily() throws Exception {
    App app = App.publicClient(extension.server());
    App.Answer bystander = app.login("orders");
    App.Answer login = app.login("orders");
    App.Answer refreshed = app.refresh(login.string("refresh_token"));

    App.Answer reused = app.refresh(login.string("refresh_token"));

    assertThat(reused.status()).isEqualTo(400);
    assertThat(reused.string("error")).isEqualTo("invalid_grant");
    assertThat(app.server.reuseDetections()).isEqualTo(1);
    assertThat(app.refresh(refreshed.string("refresh_token")).string("error"))
        .isEqualTo("invalid_grant");
    assertThat(api(app, refreshed)).isEqualTo(401);
    assertThat(app.server.reuseDetections()).isEqualTo(1);
    assertThat(app.refresh(bystander.string("refresh_token")).status()).isEqualTo(200);
  }

  @Test
  void graceHonoursAUsedTokenThatManyTimes() throws Exception {
    App app = App.publicClient(extension.server().rotationGrace(2));
    String token = app.login("orders").string("refresh_token");

    assertThat(app.refresh(token).status()).isEqualTo(200);
    assertThat(app.refresh(token).status()).isEqualTo(200);
    App.Answer last = app.refresh(token);
    assertThat(last.status()).isEqualTo(200);
    assertThat(app.server.reuseDetections()).isZero();

    assertThat(app.refresh(token).status()).isEqualTo(400);
    assertThat(app.server.reuseDetections()).isEqualTo(1);
    assertThat(app.refresh(last.string("refresh_token")).status()).isEqualTo(400);
  }

  @Test
  void withoutRotationTheTokenStaysAndIsNotRepeated() throws Exception {
    App app = App.publicClient(extension.server().rotateRefreshTokens(false));
    String token = app.login("orders").string("refresh_token");

    assertThat(app.refresh(token).json()).doesNotContainKey("refresh_token");
    assertThat(app.refresh(token).status()).isEqualTo(200);
    assertThat(app.server.reuseDetections()).isZero();
  }

  @Test
  void theScopeOfARefreshMayShrinkButNotGrow() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("read write").string("refresh_token");

    App.Answer more = refreshWithScope(app, token, "read admin");
    App.Answer less = refreshWithScope(app, token, "read");

    assertThat(more.string("error")).isEqualTo("invalid_scope");
    assertThat(less.string("scope")).isEqualTo("read");
    assertThat(app.refresh(less.string("refresh_token")).string("scope")).isEqualTo("read write");
  }

  @Test
  void aRefreshTokenIsForItsClient() throws Exception {
    App app = App.publicClient(extension.server().publicClient("thief"));
    String token = app.login("orders").string("refresh_token");

    assertThat(new App(app.server, "thief").refresh(token).string("error"))
        .isEqualTo("invalid_grant");
    assertThat(app.refresh(token).status()).isEqualTo(200);
  }

  @Test
  void theNewIdTokenIsAboutTheSameLoginAndHasNoNonce() throws Exception {
    App app = App.publicClient(extension.server());
    App.Answer login = app.login("openid");

    clock.advance(Duration.ofMinutes(30));
    App.Answer refreshed = app.refresh(login.string("refresh_token"));

    JWTClaimsSet before = claims(login);
    JWTClaimsSet after = claims(refreshed);
    assertThat(before.getStringClaim("nonce")).isEqualTo("n-1");
    assertThat(after.getClaims()).doesNotContainKey("nonce");
    assertThat(after.getSubject()).isEqualTo(before.getSubject());
    assertThat(after.getLongClaim("auth_time")).isEqualTo(before.getLongClaim("auth_time"));
    assertThat(after.getIssueTime()).isAfter(before.getIssueTime());
  }

  @Test
  void revokedAccessTokensCanBeReplaced() throws Exception {
    App app = App.publicClient(extension.server());
    App.Answer login = app.login("orders");

    app.server.revokeAllAccessTokens();

    assertThat(api(app, login)).isEqualTo(401);
    assertThat(api(app, app.refresh(login.string("refresh_token")))).isEqualTo(200);
  }

  private static int api(App app, App.Answer tokens) throws Exception {
    return app.get(app.server.url("/api/x"), tokens.string("access_token")).status();
  }

  private static App.Answer refreshWithScope(App app, String token, String scope) throws Exception {
    return app.token("grant_type", "refresh_token", "refresh_token", token, "scope", scope);
  }

  private static JWTClaimsSet claims(App.Answer tokens) throws Exception {
    return SignedJWT.parse(tokens.string("id_token")).getJWTClaimsSet();
  }
}
