package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a response belongs to a pending login, in this order: the login, the encoding,
 * the place, the state, the issuer, first use, an error, the code. Nothing is sent before all have
 * passed.
 */
final class AuthorizationResponseCheck {
  private static final List<String> ONCE_ONLY =
      Arrays.asList(
          "code",
          "state",
          "iss",
          "error",
          "error_description",
          "error_uri",
          "access_token",
          "token_type",
          "expires_in",
          "response");

  private static final List<String> USER_NEEDED =
      Arrays.asList(
          "login_required",
          "interaction_required",
          "consent_required",
          "account_selection_required");

  private final String clientId;
  private final AuthorizationServer server;
  private final Instant now;
  private final SpentLogins spentLogins;
  private final SignedResponses signedResponses;
  private final Verdict.Builder verdict = Verdict.about("the response to the redirect URI");

  AuthorizationResponseCheck(
      String clientId,
      AuthorizationServer server,
      Instant now,
      SpentLogins spentLogins,
      SignedResponses signedResponses) {
    this.clientId = clientId;
    this.server = server;
    this.now = now;
    this.spentLogins = spentLogins;
    this.signedResponses = signedResponses;
  }

  /** The parameters of a response that is good, among them the code to redeem. */
  Map<String, Secret> parameters(
      PendingAuthorization pending, AuthorizationResponse received, TokenCheck... checks)
      throws IOException {
    checkLogin(pending);
    String mode =
        pending.responseMode() == null ? AuthorizationResponse.QUERY : pending.responseMode();
    boolean signed = mode.endsWith(AuthorizationResponse.SIGNED);
    String place =
        signed ? mode.substring(0, mode.length() - AuthorizationResponse.SIGNED.length()) : mode;
    AuthorizationResponse response = received.as(place);
    Map<String, String> outer = parameters(response);
    checkPlace(pending, place, response, outer);
    Map<String, String> parameters =
        signed
            ? signedResponses.parameters(outer.get("response"), clientId, server, verdict)
            : outer;
    checkState(pending, parameters);
    Map<String, Secret> secret = new HashMap<>();
    parameters.forEach((name, value) -> secret.put(name, Secret.of(value)));
    checkIssuer(pending, parameters, isProven(secret, checks));
    checkFirstUse(pending);
    String error = standardError(parameters);
    if (error != null) {
      throw refusal(pending, error(error, parameters, secrets(pending)));
    }
    checkCode(parameters.get("code"));
    return Collections.unmodifiableMap(secret);
  }

  private @Nullable String standardError(Map<String, String> parameters) {
    Dialect dialect = server.dialect();
    String error = parameters.get("error");
    if (dialect == null) {
      return error;
    }
    boolean silent = error == null && dialect.deniesSilently() && !parameters.containsKey("code");
    return silent ? "access_denied" : error == null ? null : dialect.error(error);
  }

  private void checkLogin(PendingAuthorization pending) throws InvalidResponseException {
    boolean ours =
        pending.clientId().equals(clientId) && Objects.equals(pending.issuer(), server.issuer());
    if (!verdict.check(
        "client",
        ours,
        "a login of " + clientId + " at " + server,
        pending.clientId() + " at " + pending.issuer(),
        "RFC 9700 §4.4.2")) {
      throw refused(
          "issuer_mismatch",
          "this login was begun by another client or at another server",
          "complete the login with the client that began it");
    }
    Instant end = pending.createdAt().plus(PendingAuthorization.LIFETIME);
    boolean inTime = now.isBefore(end);
    if (!verdict.check("age", inTime, "before " + end, now.toString(), "limit of this library")) {
      throw refused(
          "login_expired",
          "the login was begun at " + pending.createdAt() + ", more than an hour ago",
          "start the login again");
    }
  }

  /** Each name with its only value; one that came twice is not there, if it may come twice. */
  private Map<String, String> parameters(AuthorizationResponse response)
      throws InvalidResponseException {
    List<FormCodec.Pair> pairs;
    try {
      pairs = response.parameters();
    } catch (IllegalArgumentException e) {
      verdict.failed("encoding", "a form", e.getMessage() + "", "RFC 6749 appendix B");
      throw refused("malformed_response", "the response cannot be read: " + e.getMessage(), null);
    }
    Dialect dialect = server.dialect();
    Map<String, String> parameters = new HashMap<>();
    Set<String> names = new HashSet<>();
    Set<String> repeated = new HashSet<>();
    for (FormCodec.Pair pair : pairs) {
      String name = dialect == null ? pair.name() : dialect.responseParameter(pair.name());
      String earlier = parameters.put(name, pair.value());
      if (names.add(pair.name()) && pair.value().equals(earlier)) {
        continue; // The same by its other name.
      }
      if (earlier != null && ONCE_ONLY.contains(name)) {
        verdict.failed(name, "once", "more than once", "RFC 6749 §3.1");
        throw refused(
            "malformed_response", "the parameter " + name + " occurs more than once", null);
      }
      if (earlier != null) {
        repeated.add(name);
      }
    }
    parameters.keySet().removeAll(repeated);
    // A parameter without a value counts as omitted.
    parameters.values().removeIf(String::isEmpty);
    return parameters;
  }

  private void checkPlace(
      PendingAuthorization pending,
      String expectedMode,
      AuthorizationResponse response,
      Map<String, String> parameters)
      throws InvalidResponseException {
    String mode = response.responseMode();
    if (!verdict.check(
        "response_mode",
        mode.equals(expectedMode),
        expectedMode,
        mode,
        "OAuth 2.0 Multiple Response Types §2.1")) {
      throw refused(
          "response_mode_mismatch",
          "the response came as " + mode + ", but " + expectedMode + " was asked for",
          null);
    }
    String address = response.address();
    if (address == null) {
      return;
    }
    String expected = pending.redirectUri();
    int query = expected.indexOf('?');
    String expectedAddress = query < 0 ? expected : expected.substring(0, query);
    boolean right =
        address.equals(expectedAddress)
            || (address.equals(expectedAddress + "/") && isBareOrigin(expectedAddress));
    boolean complete = query < 0 || holds(parameters, expected.substring(query + 1));
    String shown = clean(response.shownAddress(), secrets(pending));
    if (!verdict.check(
        "redirect_uri",
        right && complete,
        expected,
        right && !complete ? "without its own parameters" : "\"" + shown + "\"",
        "RFC 9700 §4.4.2.2")) {
      throw refused(
          "redirect_uri_mismatch",
          "the callback is from " + shown + ", not from " + expected,
          "pass the URL as the browser saw it; behind a proxy use AuthorizationResponse.ofQuery");
    }
  }

  private static boolean isBareOrigin(String address) {
    int host = address.indexOf("://") + 3;
    return address.startsWith("http") && host > 3 && address.indexOf('/', host) < 0;
  }

  private static boolean holds(Map<String, String> parameters, String ownQuery) {
    return FormCodec.decode(ownQuery, ownQuery.length(), ownQuery.length()).stream()
        .allMatch(own -> own.value().equals(parameters.getOrDefault(own.name(), "")));
  }

  private void checkState(PendingAuthorization pending, Map<String, String> parameters)
      throws InvalidResponseException {
    String state = parameters.get("state");
    boolean same = state != null && Secret.of(state).equals(pending.state());
    if (!verdict.check(
        "state",
        same,
        "the state of this login",
        same ? "the same" : state == null ? "none" : "another",
        "RFC 6749 §10.12")) {
      verdict.cause(
          "two logins in one browser were mixed up, the session was lost, or somebody else's"
              + " response was planted");
      throw refused(
          "state_mismatch",
          "the response does not carry the state of this login",
          "start the login again in the browser that is to be logged in");
    }
  }

  /** Not in error responses: nothing of them is verified. */
  private static boolean isProven(Map<String, Secret> parameters, TokenCheck... checks) {
    return !parameters.containsKey("error")
        && Arrays.stream(checks).anyMatch(check -> check.provesIssuer(parameters));
  }

  /** In error responses too: an error of another server says nothing about ours. */
  private void checkIssuer(
      PendingAuthorization pending, Map<String, String> parameters, boolean proven)
      throws InvalidResponseException {
    String iss = parameters.get("iss");
    String issuer = pending.issuer();
    boolean right =
        iss == null
            ? proven || !pending.issRequired()
            : issuer == null || server.issuers().contains(iss);
    String shown = Display.quote(clean(iss, secrets(pending)));
    if (!verdict.check("iss", right, issuer == null ? "none" : issuer, shown, "RFC 9207 §2.4")) {
      verdict.cause(
          iss == null
              ? "a proxy or page in between dropped the parameter, or another server answered"
              : "another server answered in the place of ours (mix-up)");
      throw refused(
          "issuer_mismatch",
          "the response is from " + shown + ", not from \"" + issuer + "\"",
          null);
    }
  }

  private void checkFirstUse(PendingAuthorization pending) throws InvalidResponseException {
    boolean first = spentLogins.spend(pending.state());
    if (!verdict.check(
        "first use",
        first,
        "the first response",
        first ? "the first" : "another",
        "RFC 9700 §4.7")) {
      verdict.cause("the user reloaded the page or pressed the back button");
      throw refused("login_spent", "this login was completed before", "start a new login");
    }
  }

  /** What a response might repeat where we show it. */
  private static List<String> secrets(PendingAuthorization pending) {
    return Arrays.asList(pending.state().reveal(), pending.codeVerifier().reveal());
  }

  private OAuthErrorException error(
      String error, Map<String, String> parameters, List<String> secrets) {
    String code = Display.clean(error, secrets);
    verdict.failed("error", "a code", code, "RFC 6749 §4.1.2.1");
    String hint = ErrorHints.fix(code);
    if (hint != null) {
      verdict.fix(hint);
    }
    return new OAuthErrorException(
        code,
        clean(parameters.get("error_description"), secrets),
        clean(parameters.get("error_uri"), secrets),
        server.toString(),
        verdict.build(),
        0,
        null);
  }

  private static @Nullable String clean(@Nullable String text, List<String> secrets) {
    return text == null ? null : Display.clean(text, secrets);
  }

  private void checkCode(@Nullable String code) throws InvalidResponseException {
    if (code == null || !TokenText.isVschar(code)) {
      verdict.failed(
          "code",
          "visible ASCII characters",
          code == null ? "none" : "other characters",
          "RFC 6749 §4.1.2");
      throw refused("malformed_response", "the response has no usable code", null);
    }
  }

  /** A server that was told not to bother the user says so when it would have to. */
  private static OAuthException refusal(PendingAuthorization pending, OAuthErrorException error) {
    return pending.isSilent() && USER_NEEDED.contains(error.error())
        ? new LoginRequiredException(
            error.error(),
            "the server cannot answer without the user (" + error.error() + "): log in again",
            error.verdict(),
            error)
        : error;
  }

  private InvalidResponseException refused(String code, String message, @Nullable String fix) {
    if (fix != null) {
      verdict.fix(fix);
    }
    return new InvalidResponseException(code, message, verdict.build());
  }
}
