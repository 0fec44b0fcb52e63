package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenCheck;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the ID tokens of one login: the one that came by the browser, if one was asked for,
 * before the code is spent; then the one of the token response. For one use, by one thread.
 */
final class LoginCheck implements TokenCheck {
  /** Verifies one ID token. */
  @FunctionalInterface
  interface Verification {
    IdToken verify(@Nullable Object idToken, IdTokenExpectation expectation) throws IOException;
  }

  private final PendingLogin login;
  private final Verification verification;
  private @Nullable String code;
  private @Nullable String sessionState;
  private @Nullable IdToken fromBrowser;
  private @Nullable IdToken verified;

  LoginCheck(PendingLogin login, Verification verification) {
    this.login = login;
    this.verification = verification;
  }

  /** The ID token of the token response: the one that nobody but the server has touched. */
  IdToken idToken() {
    return Objects.requireNonNull(verified);
  }

  /** For OpenID Connect Session Management; null when the response had none. */
  @Nullable String sessionState() {
    return sessionState;
  }

  /** The ID token beside the code is verified before the code is spent, its issuer too. */
  @Override
  public boolean provesIssuer(Map<String, Secret> parameters) {
    return login.attachment(LoginRequest.FROM_BROWSER) != null
        && parameters.containsKey("id_token");
  }

  @Override
  public void checkResponse(Map<String, Secret> parameters) throws IOException {
    code = text(parameters, "code");
    sessionState = text(parameters, "session_state");
    if (login.attachment(LoginRequest.FROM_BROWSER) == null) {
      return;
    }
    String idToken = text(parameters, "id_token");
    if (idToken == null) {
      throw new InvalidResponseException(
          "malformed_response",
          "the response has no id_token although one was asked for",
          Verdict.about("the response to the redirect URI")
              .failed("id_token", "a signed JWT", "none", "OpenID Connect Core §3.3.2.5")
              .build());
    }
    fromBrowser =
        verification.verify(
            idToken,
            expectation(text(parameters, "access_token"), login.state().reveal(), true, null));
  }

  @Override
  public void check(TokenSet tokens) throws IOException {
    String accessToken = tokens.accessToken().value().reveal();
    verified =
        verification.verify(
            tokens.member("id_token"),
            expectation(accessToken, login.state().reveal(), false, fromBrowser));
    for (String name : values(LoginRequest.CLAIMS)) {
      checkClaim(name, verified);
    }
  }

  private void checkClaim(String name, IdToken token) throws IdTokenException {
    Object value = token.claim(name);
    Set<String> allowed = values(LoginRequest.CLAIM + name);
    Verdict.Builder verdict = Verdict.about("the ID token from " + token.issuer());
    boolean right = value instanceof String && allowed.contains(value);
    if (!verdict.check(name, right, "one of " + allowed, Display.quote(value), "requireClaim(…)")) {
      throw IdTokenVerifier.refused(
          name, name + " is not what this login demands, but " + Display.quote(value), verdict);
    }
  }

  private IdTokenExpectation expectation(
      @Nullable String accessToken, String state, boolean browser, @Nullable IdToken twin) {
    String maxAge = login.attachment(LoginRequest.MAX_AGE);
    return new IdTokenExpectation(
        login.attachment(LoginRequest.NONCE),
        maxAge == null ? null : Long.valueOf(maxAge),
        values(LoginRequest.ACR),
        accessToken,
        null,
        values(LoginRequest.SUBJECT),
        code,
        state,
        browser,
        twin);
  }

  private Set<String> values(String attachment) {
    String values = login.attachment(attachment);
    return values == null
        ? Collections.emptySet()
        : new LinkedHashSet<>(Arrays.asList(values.split("\n", -1)));
  }

  private static @Nullable String text(Map<String, Secret> parameters, String name) {
    Secret value = parameters.get(name);
    return value == null ? null : value.reveal();
  }
}
