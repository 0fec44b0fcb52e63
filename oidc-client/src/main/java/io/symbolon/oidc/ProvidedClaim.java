package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A claim that one provider passes on and another vouches for: aggregated or distributed (OpenID
 * Connect Core §5.6.2). One source, one level, and at most one request, to the origin of the issuer
 * that the program named.
 */
final class ProvidedClaim {
  private static final String SECTION = "OpenID Connect Core §5.6.2";

  private final HttpExchange http;
  private final IdTokenRules rules;
  private final JwtSignature signature;
  private final String name;
  private final Verdict.Builder verdict;

  /**
   * @param rules those of the claims provider
   */
  ProvidedClaim(HttpExchange http, IdTokenRules rules, JwtSignature signature, String name) {
    this.http = http;
    this.rules = rules;
    this.signature = signature;
    this.name = name;
    this.verdict = Verdict.about("the claim " + name + " of " + rules.issuer());
  }

  /** Its value; null when nobody is named as its source. */
  @Nullable Object in(UserInfo info) throws IOException {
    Object sourceName = member(info.claims().get("_claim_names"), name);
    if (sourceName == null) {
      return null;
    }
    Object source = member(info.claims().get("_claim_sources"), sourceName);
    String text = member(source, "JWT") instanceof String jwt ? jwt : fetched(source);
    Map<String, @Nullable Object> claims =
        signature.verify(text, IdTokenVerifier.USUAL_TYPES, verdict, this::refused).claims();
    rules.checkProvided(claims, verdict);
    boolean there = claims.get(name) != null;
    verdict.check(name, there, "a value", there ? "a value" : "nothing", SECTION);
    Verdict.Check failure = verdict.build().failure();
    if (failure != null) {
      throw refused(
          failure.name(),
          failure.name() + " should be " + failure.expected() + ", but is " + failure.actual(),
          verdict);
    }
    return claims.get(name);
  }

  private String fetched(@Nullable Object source) throws IOException {
    Object endpoint = member(source, "endpoint");
    HttpUrl url = endpoint instanceof String text && isOurs(text) ? HttpUrl.get(text) : null;
    verdict.check(
        "endpoint",
        url != null,
        "a URL at the origin of " + rules.issuer(),
        endpoint instanceof String text ? shown(text) : "nothing",
        SECTION);
    if (url == null) {
      throw refused("endpoint", "it lies elsewhere than its provider", verdict);
    }
    Request.Builder request = new Request.Builder().url(url).header("Accept", "application/jwt");
    Set<String> secrets = Collections.emptySet();
    if (member(source, "access_token") instanceof String token && token.matches("[!-~]+")) {
      secrets = Collections.singleton(token);
      request.header("Authorization", "Bearer " + token);
    }
    HttpAnswer answer = http.execute("other", request.build(), secrets);
    boolean right = answer.status() == 200 && "application/jwt".equals(answer.mediaType());
    String actual = answer.status() + " and " + Display.quote(answer.mediaType());
    if (!verdict.check("answer", right, "200 and application/jwt", actual, SECTION)) {
      throw refused("answer", "its endpoint answered " + actual, verdict);
    }
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String shown(String endpoint) {
    HttpUrl url = HttpUrl.parse(endpoint);
    return url == null ? "no https URL" : Urls.redact(url);
  }

  private boolean isOurs(String text) {
    HttpUrl issuer = HttpUrl.get(rules.issuer());
    if (Urls.fault(text, true) != null) {
      return false;
    }
    HttpUrl url = HttpUrl.get(text);
    return url.scheme().equals(issuer.scheme())
        && url.host().equals(issuer.host())
        && url.port() == issuer.port();
  }

  private static @Nullable Object member(@Nullable Object object, Object name) {
    return object instanceof Map<?, ?> map ? map.get(name) : null;
  }

  private InvalidResponseException refused(String check, String reason, Verdict.Builder verdict) {
    return new InvalidResponseException(
        "invalid_claim",
        "the claim " + name + " of " + rules.issuer() + " is refused: " + reason,
        verdict.build());
  }
}
