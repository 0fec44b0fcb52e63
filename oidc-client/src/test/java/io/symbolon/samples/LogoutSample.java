package io.symbolon.samples;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oidc.IdToken;
import io.symbolon.oidc.LogoutToken;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcDiscovery;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogout;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;

/** Logouts, and what there is about a user beside the ID token. */
final class LogoutSample {
  private final OidcClient oidc;
  private final Collection<IdToken> sessions;
  private final Consumer<String> log;

  LogoutSample(OidcClient oidc, Collection<IdToken> sessions, Consumer<String> log) {
    this.oidc = oidc;
    this.sessions = sessions;
    this.log = log;
  }

  PendingLogout begin(IdToken login) throws IOException {
    PendingLogout logout =
        oidc.logout()
            .idTokenHint(login)
            .postLogoutRedirectUri("https://shop.example.com/bye")
            .begin();
    return logout;
  }

  static void end(Secret stateFromCookie, String url) throws IOException {
    PendingLogout.checkReturn(stateFromCookie, url);
  }

  int backchannel(String form) throws IOException {
    try {
      LogoutToken token = oidc.backchannelLogout(form); // the raw body of the POST
      sessions.removeIf(token::ends);
      return 200;
    } catch (InvalidResponseException e) {
      log.accept(e.explain());
      return 400;
    }
  }

  static OidcClient.Builder shared(Map<String, Instant> sharedMemory) {
    return OidcClient.builder()
        .replayCache((id, until) -> sharedMemory.putIfAbsent(id, until) == null);
  }

  void frontchannel(IdToken login, String url) throws IOException {
    oidc.checkFrontchannelLogout(login, url); // or an exception, and the session stays
    sessions.remove(login);
  }

  static Object score(OidcClient shop, OidcClient bank, OidcTokens login) throws IOException {
    Object score = bank.providedClaim(shop.userInfo(login), "credit_score");
    return score;
  }

  static String issuer() throws IOException {
    OidcDiscovery discovery = new OidcDiscovery(new OkHttpClient());
    String issuer = discovery.issuerOf("joe@example.com");
    return issuer;
  }
}
