package io.symbolon.oidc;

import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an ID token must say to be the one that we wait for.
 *
 * @param nonce the value that was sent; null when none was, and then none may come
 * @param maxAgeSeconds null when no age was demanded
 * @param acrValues one of them was demanded; empty when none was
 * @param accessToken the access token that came along; null when there is none to compare
 * @param original the claims of the login, when this is a refresh; null at a login
 * @param subjects one of them was demanded; empty when any will do
 * @param code the code of the login, for a {@code c_hash}; null when it is not known
 * @param state the state of the login, for an {@code s_hash}; null when it is not known
 * @param fromBrowser whether the token came by the browser, and so must vouch for what came with it
 * @param twin the ID token of the same login that came by the browser; null when none did
 * @param refreshToken the refresh token that was pushed along; null when none was
 * @param authReqId the backchannel request that a push is about; null when nothing was pushed
 */
record IdTokenExpectation(
    @Nullable String nonce,
    @Nullable Long maxAgeSeconds,
    Set<String> acrValues,
    @Nullable String accessToken,
    @Nullable Map<String, @Nullable Object> original,
    Set<String> subjects,
    @Nullable String code,
    @Nullable String state,
    boolean fromBrowser,
    @Nullable IdToken twin,
    @Nullable String refreshToken,
    @Nullable String authReqId) {

  IdTokenExpectation(
      @Nullable String nonce,
      @Nullable Long maxAgeSeconds,
      Set<String> acrValues,
      @Nullable String accessToken,
      @Nullable Map<String, @Nullable Object> original,
      Set<String> subjects,
      @Nullable String code,
      @Nullable String state,
      boolean fromBrowser,
      @Nullable IdToken twin) {
    this(
        nonce,
        maxAgeSeconds,
        acrValues,
        accessToken,
        original,
        subjects,
        code,
        state,
        fromBrowser,
        twin,
        null,
        null);
  }

  IdTokenExpectation(
      @Nullable String nonce,
      @Nullable Long maxAgeSeconds,
      Set<String> acrValues,
      @Nullable String accessToken,
      @Nullable Map<String, @Nullable Object> original) {
    this(
        nonce,
        maxAgeSeconds,
        acrValues,
        accessToken,
        original,
        Collections.emptySet(),
        null,
        null,
        false,
        null);
  }

  static IdTokenExpectation refresh(Map<String, @Nullable Object> login, String accessToken) {
    return new IdTokenExpectation(null, null, Collections.emptySet(), accessToken, login);
  }

  /** Whoever pushes tokens to us vouches for all that came with the ID token. */
  static IdTokenExpectation backchannel(TokenSet tokens) {
    Object pushed = tokens.member("auth_req_id");
    Secret refreshToken = tokens.refreshToken();
    return new IdTokenExpectation(
        null,
        null,
        Collections.emptySet(),
        tokens.accessToken().value().reveal(),
        null,
        Collections.emptySet(),
        null,
        null,
        false,
        null,
        pushed == null || refreshToken == null ? null : refreshToken.reveal(),
        pushed == null ? null : String.valueOf(pushed));
  }

  boolean isPushed() {
    return authReqId != null;
  }
}
