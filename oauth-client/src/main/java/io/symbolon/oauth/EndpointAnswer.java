package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.text.ParseException;
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
  private static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";
  private static final Duration LONGEST_LIFETIME = Duration.ofDays(3650);
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);

  private final HttpAnswer answer;
  private final String from;
  private final String kind;
  private final Collection<String> secrets;
  private final Instant now;
  private final @Nullable Dialect dialect;
  private final @Nullable DpopProofs dpop;
  private final boolean bearerAccepted;

  /**
   * @param endpoint its metadata name
   * @param secrets what we sent and the server must not make us print
   */
  EndpointAnswer(
      HttpAnswer answer, HttpUrl url, String endpoint, Collection<String> secrets, Instant now) {
    this(answer, url, endpoint, secrets, now, null);
  }

  /**
   * @param dialect how the server differs from the standard; null when not at all
   */
  EndpointAnswer(
      HttpAnswer answer,
      HttpUrl url,
      String endpoint,
      Collection<String> secrets,
      Instant now,
      @Nullable Dialect dialect) {
    this(answer, Urls.redact(url), kind(endpoint), secrets, now, dialect, null, true);
  }

  private EndpointAnswer(
      HttpAnswer answer,
      String from,
      String kind,
      Collection<String> secrets,
      Instant now,
      @Nullable Dialect dialect,
      @Nullable DpopProofs dpop,
      boolean bearerAccepted) {
    this.answer = answer;
    this.from = from;
    this.kind = kind;
    this.secrets = secrets;
    this.now = now;
    this.dialect = dialect;
    this.dpop = dpop;
    this.bearerAccepted = bearerAccepted;
  }

  /** The same, read as the answer to a request with a proof: its token is bound to the key. */
  EndpointAnswer boundTo(DpopProofs proofs, boolean bearerAccepted) {
    return new EndpointAnswer(answer, from, kind, secrets, now, dialect, proofs, bearerAccepted);
  }

  /** Such as "introspection response" for {@code introspection_endpoint}. */
  private static String kind(String endpoint) {
    return endpoint.endsWith("_endpoint")
        ? endpoint.replace("_endpoint", "").replace('_', ' ') + " response"
        : "response";
  }

  /** Whether only a DPoP nonce in the proof is missing (RFC 9449 §8). */
  boolean wantsDpopNonce() {
    return answer.outcome().equals("use_dpop_nonce");
  }

  /** The answer as it came. */
  HttpAnswer http() {
    return answer;
  }

  /** The JSON object of a successful answer. */
  Map<String, @Nullable Object> object() throws IOException {
    if (answer.isRedirect()) {
      throw refused(
          "redirect_refused",
          "wants to redirect; a request with secrets is never redirected",
          "RFC 9700 §4.12");
    }
    Map<String, @Nullable Object> body = null;
    String fault = null;
    if (dialect != null || answer.mayBeJson()) {
      try {
        body = json();
      } catch (ParseException e) {
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
    if (dialect != null && !dialect.believes(answer)) {
      throw refused(
          "untrusted_response",
          "sent an answer that does not carry the server's own signature",
          "the documentation of this server");
    }
    return body;
  }

  /** For an answer whose content does not matter; an error member is an error all the same. */
  void requireSuccess() throws IOException {
    if (!answer.isSuccess()) {
      object();
    }
    Map<String, @Nullable Object> body = Collections.emptyMap();
    try {
      body = json();
    } catch (ParseException e) {
      // RFC 7009 §2.2: the content is ignored.
    }
    if (body.get("error") instanceof String error && !error.isEmpty()) {
      throw error(body, error);
    }
  }

  private Map<String, @Nullable Object> json() throws ParseException {
    return dialect == null ? answer.json() : dialect.read(answer);
  }

  /** The tokens of a successful answer. */
  TokenSet tokens(@Nullable String issuer, Set<String> asked, @Nullable Secret previous)
      throws IOException {
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

  /** A member that must be there, of characters that a form carries unharmed. */
  Secret requiredSecret(Map<String, @Nullable Object> body, String name, String section)
      throws IOException {
    if (body.get(name) instanceof String text && TokenText.isVschar(text)) {
      return Secret.of(text);
    }
    throw refused(
        "malformed_response",
        "sent a " + name + " that is missing or not a text of visible characters",
        section);
  }

  /** A positive number of seconds that must be there; at most ten years. */
  Duration requiredSeconds(Map<String, @Nullable Object> body, String name, String section)
      throws IOException {
    double seconds = seconds(body.get(name));
    if (seconds < 1) {
      throw refused(
          "malformed_response",
          "sent an " + name + " that is missing or not a positive number of seconds",
          section);
    }
    return bounded(seconds, LONGEST_LIFETIME);
  }

  /**
   * The time between two polls: at least a second, at most until the end. A text that is a number
   * counts; what makes no sense does not.
   */
  static Duration interval(Map<String, @Nullable Object> body, Duration usual, Duration lifetime) {
    Object value = body.get("interval");
    double seconds = seconds(value);
    boolean none = !(value instanceof Number number && number.doubleValue() >= 0) && seconds < 1;
    Duration interval = none ? usual : bounded(Math.max(1, Math.ceil(seconds)), LONGEST_LIFETIME);
    return interval.compareTo(lifetime) > 0 ? lifetime : interval;
  }

  private static Duration bounded(double seconds, Duration longest) {
    return Duration.ofSeconds((long) Math.min(seconds, (double) longest.getSeconds()));
  }

  /** The token of an exchange, which need not be one for an API (RFC 8693 §2.2.1). */
  ExchangedToken exchanged(
      @Nullable String issuer, Set<String> asked, @Nullable String requestedType)
      throws IOException {
    Map<String, @Nullable Object> body = object();
    String issued = issuedTokenType(body, requestedType);
    boolean unusable =
        body.get("token_type") instanceof String type && type.equalsIgnoreCase("N_A");
    if (!unusable && !issued.equals(REFRESH_TOKEN)) {
      TokenSet tokens = tokens(issuer, asked, null);
      return new ExchangedToken(tokens.accessToken().value(), issued, tokens);
    }
    return new ExchangedToken(
        requiredSecret(body, "access_token", "RFC 8693 §2.2.1"), issued, null);
  }

  private String issuedTokenType(Map<String, @Nullable Object> body, @Nullable String requestedType)
      throws IOException {
    Object issued = body.get("issued_token_type");
    if (!(issued instanceof String type) || type.isEmpty()) {
      throw refused("malformed_response", "sent no issued_token_type", "RFC 8693 §2.2.1");
    }
    if (requestedType != null && !requestedType.equals(type)) {
      throw refused(
          "malformed_response",
          "sent the issued_token_type "
              + Display.quote(type)
              + ", but "
              + Display.quote(requestedType)
              + " was asked for",
          "RFC 8693 §2.2.1");
    }
    return type;
  }

  private IOException error(Map<String, @Nullable Object> body, String error) {
    String code = Display.clean(error, secrets);
    Verdict.Builder verdict =
        Verdict.about("the answer of " + from).failed("error", "no error", code, "RFC 6749 §5.2");
    String hint = ErrorHints.fix(code);
    if (hint != null) {
      verdict.fix(hint);
    }
    return OAuthErrorException.of(
        code,
        text(body.get("error_description")),
        text(body.get("error_uri")),
        from,
        verdict.build(),
        answer.status(),
        retryAfter(body, code));
  }

  /** A server that asks us to slow down may say to what interval, in either place. */
  private @Nullable Duration retryAfter(Map<String, @Nullable Object> body, String code) {
    Duration header = answer.retryAfter(now);
    double seconds = code.equals("slow_down") ? Math.ceil(seconds(body.get("interval"))) : 0;
    if (seconds < 1) {
      return header;
    }
    Duration member = bounded(seconds, LONGEST_INTERVAL);
    return header != null && header.compareTo(member) > 0 ? header : member;
  }

  private @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? Display.clean(text, secrets) : null;
  }

  private String accessToken(Map<String, @Nullable Object> body) throws IOException {
    if (body.get("access_token") instanceof String token && TokenText.fitsHeader(token)) {
      return token;
    }
    throw refused(
        "malformed_response",
        "sent an access_token that is missing, not a text, or cannot stand in a header",
        "RFC 6749 §5.1");
  }

  private String tokenType(Map<String, @Nullable Object> body) throws IOException {
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

  private @Nullable Secret refreshToken(Map<String, @Nullable Object> body) throws IOException {
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
      throws IOException {
    if (!body.containsKey("scope")) {
      return asked;
    }
    Object value = body.get("scope") == null ? "" : body.get("scope");
    List<?> tokens =
        value instanceof String text
            ? Arrays.asList(text.split(" +", -1))
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
    double given = seconds(expiresIn);
    double seconds = dialect == null ? given : dialect.lifetime(given, now);
    return seconds < 1 ? null : now.plus(bounded(seconds, LONGEST_LIFETIME));
  }

  /** A number of seconds, also as a text; 0 for anything else. */
  private static double seconds(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    boolean digits = value instanceof String text && text.matches("[0-9]{1,15}");
    return digits ? Long.parseLong(String.valueOf(value)) : 0;
  }

  IOException refused(String code, String reason, String section) {
    String what = Display.clean(reason, secrets);
    return InvalidResponseException.because(
        code,
        from + " " + what,
        Verdict.about("the answer of " + from)
            .failed("response", "a usable " + kind, what, section)
            .build(),
        answer.status(),
        answer.retryAfter(now),
        null);
  }
}
