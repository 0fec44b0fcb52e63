package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.Urls;
import io.symbolon.oauth.internal.json.MalformedJsonException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint of the server answered, read in the order of the design: an error member first,
 * whatever the status; then everything that makes an answer unusable; then the content.
 */
final class EndpointAnswer {
  private static final Set<String> OWN_MEMBERS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(
              Arrays.asList("access_token", "token_type", "expires_in", "refresh_token", "scope")));
  private static final Duration LONGEST_LIFETIME = Duration.ofDays(3650);

  private final HttpAnswer answer;
  private final String from;
  private final Collection<String> secrets;
  private final Instant now;
  private final @Nullable DpopProofs dpop;
  private final boolean bearerAccepted;

  /**
   * @param secrets what we sent and the server must not make us print
   */
  EndpointAnswer(HttpAnswer answer, HttpUrl url, Collection<String> secrets, Instant now) {
    this(answer, Urls.redact(url), secrets, now, null, true);
  }

  private EndpointAnswer(
      HttpAnswer answer,
      String from,
      Collection<String> secrets,
      Instant now,
      @Nullable DpopProofs dpop,
      boolean bearerAccepted) {
    this.answer = answer;
    this.from = from;
    this.secrets = secrets;
    this.now = now;
    this.dpop = dpop;
    this.bearerAccepted = bearerAccepted;
  }

  /** The same, read as the answer to a request with a proof: its token is bound to the key. */
  EndpointAnswer boundTo(DpopProofs proofs, boolean bearerAccepted) {
    return new EndpointAnswer(answer, from, secrets, now, proofs, bearerAccepted);
  }

  /** Whether only a nonce in the DPoP proof is missing (RFC 9449 §8). */
  boolean wantsDpopNonce() {
    return answer.outcome().equals("use_dpop_nonce");
  }

  /** The answer as it came. */
  HttpAnswer http() {
    return answer;
  }

  /** The JSON object of a successful answer. */
  Map<String, @Nullable Object> object() throws OAuthException {
    if (answer.isRedirect()) {
      throw refused(
          "redirect_refused",
          "wants to redirect; a request with secrets is never redirected",
          "RFC 9700 §4.12");
    }
    Map<String, @Nullable Object> body = null;
    String fault = null;
    if (answer.mayBeJson()) {
      try {
        body = answer.json();
      } catch (MalformedJsonException e) {
        fault = "did not answer with JSON: " + e.getMessage();
      }
    } else {
      fault = "answered with " + Display.quote(answer.mediaType()) + ", not with JSON";
    }
    if (body != null && body.get("error") instanceof String error && !error.isEmpty()) {
      throw error(body, error);
    }
    if (!answer.isSuccess()) {
      throw refused("http_error", "answered with HTTP status " + answer.status(), "RFC 6749 §5.2");
    }
    if (body == null) {
      throw refused("malformed_response", String.valueOf(fault), "RFC 6749 §5.1");
    }
    return body;
  }

  /** For an answer whose content does not matter; an error member is an error all the same. */
  void requireSuccess() throws OAuthException {
    if (!answer.isSuccess()) {
      object();
    }
    Map<String, @Nullable Object> body = Collections.emptyMap();
    try {
      body = answer.json();
    } catch (MalformedJsonException e) {
      // RFC 7009 §2.2: the content is ignored.
    }
    if (body.get("error") instanceof String error && !error.isEmpty()) {
      throw error(body, error);
    }
  }

  /** The tokens of a successful answer. */
  TokenSet tokens(@Nullable String issuer, Set<String> asked, @Nullable Secret previous)
      throws OAuthException {
    Map<String, @Nullable Object> body = object();
    String type = tokenType(body);
    AccessToken accessToken =
        new AccessToken(
            Secret.of(accessToken(body)),
            type,
            scope(body, asked),
            now,
            expiresAt(body.get("expires_in")),
            type.equals(DpopProofs.TOKEN_TYPE) ? dpop : null);
    Secret refreshToken = refreshToken(body);
    Map<String, @Nullable Object> others = new LinkedHashMap<>(body);
    others.keySet().removeAll(OWN_MEMBERS);
    return new TokenSet(
        accessToken, refreshToken == null ? previous : refreshToken, issuer, others);
  }

  private OAuthErrorException error(Map<String, @Nullable Object> body, String error) {
    String code = Display.clean(error, secrets);
    Verdict.Builder verdict =
        Verdict.about("the answer of " + from).failed("error", "no error", code, "RFC 6749 §5.2");
    String hint = ErrorHints.fix(code);
    if (hint != null) {
      verdict.fix(hint);
    }
    return new OAuthErrorException(
        code,
        text(body.get("error_description")),
        text(body.get("error_uri")),
        from,
        verdict.build(),
        answer.status(),
        answer.retryAfter(now));
  }

  private @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? Display.clean(text, secrets) : null;
  }

  private String accessToken(Map<String, @Nullable Object> body) throws OAuthException {
    if (body.get("access_token") instanceof String token && TokenText.fitsHeader(token)) {
      return token;
    }
    throw refused(
        "malformed_response",
        "sent an access_token that is missing, not a text, or cannot stand in a header",
        "RFC 6749 §5.1");
  }

  private String tokenType(Map<String, @Nullable Object> body) throws OAuthException {
    Object type = body.get("token_type");
    if (!(type instanceof String text)) {
      throw refused("malformed_response", "sent no token_type", "RFC 6749 §5.1");
    }
    String known = text.toLowerCase(Locale.ROOT);
    if (dpop != null && known.equals("dpop")) {
      return DpopProofs.TOKEN_TYPE;
    }
    if (!known.equals("bearer")) {
      throw refused(
          "unsupported_token_type",
          "sent a token of the type "
              + Display.quote(text)
              + "; only "
              + (dpop == null ? "Bearer" : DpopProofs.TOKEN_TYPE)
              + " was asked for",
          "RFC 6749 §7.1");
    }
    if (!bearerAccepted) {
      throw refused(
          "dpop_downgrade",
          "sent a Bearer token, which whoever steals it can use; DPoP was asked for",
          "RFC 9449 §5");
    }
    return "Bearer";
  }

  private @Nullable Secret refreshToken(Map<String, @Nullable Object> body) throws OAuthException {
    Object token = body.get("refresh_token");
    if (token == null || token.equals("")) {
      return null;
    }
    if (token instanceof String text && TokenText.isVschar(text)) {
      return Secret.of(text);
    }
    throw refused(
        "malformed_response",
        "sent a refresh_token that is not a text of visible characters",
        "RFC 6749 appendix A.17");
  }

  /** Absent means as asked for; empty means that nothing is known to be granted. */
  private Set<String> scope(Map<String, @Nullable Object> body, Set<String> asked)
      throws OAuthException {
    if (!body.containsKey("scope")) {
      return asked;
    }
    Object value = body.get("scope") == null ? "" : body.get("scope");
    List<?> tokens =
        value instanceof String text
            ? Arrays.asList(text.trim().split(" +", -1))
            : value instanceof List<?> list ? list : Collections.singletonList(value);
    Set<String> scope = new LinkedHashSet<>();
    for (Object token : tokens) {
      if (!(token instanceof String text) || !(text.isEmpty() || TokenText.isScopeToken(text))) {
        throw refused(
            "malformed_response",
            "sent a scope that is not a text of scope characters",
            "RFC 6749 §3.3");
      }
      if (!text.isEmpty()) {
        scope.add(text);
      }
    }
    return scope;
  }

  /** Null, "until it is refused", for anything that is not a positive number of seconds. */
  private @Nullable Instant expiresAt(@Nullable Object expiresIn) {
    double seconds = 0;
    if (expiresIn instanceof Number number) {
      seconds = number.doubleValue();
    } else if (expiresIn instanceof String text && text.matches("[0-9]{1,15}")) {
      seconds = Long.parseLong(text);
    }
    if (seconds < 1) {
      return null;
    }
    return now.plusSeconds((long) Math.min(seconds, (double) LONGEST_LIFETIME.getSeconds()));
  }

  InvalidResponseException refused(String code, String reason, String section) {
    String what = Display.clean(reason, secrets);
    return new InvalidResponseException(
        code,
        from + " " + what,
        Verdict.about("the answer of " + from)
            .failed("response", "a usable token response", what, section)
            .build(),
        answer.status(),
        answer.retryAfter(now),
        null);
  }
}
