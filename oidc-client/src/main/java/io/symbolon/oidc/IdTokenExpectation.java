package io.symbolon.oidc;

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
 */
record IdTokenExpectation(
    @Nullable String nonce,
    @Nullable Long maxAgeSeconds,
    Set<String> acrValues,
    @Nullable String accessToken,
    @Nullable Map<String, @Nullable Object> original) {

  static IdTokenExpectation refresh(IdToken login, String accessToken) {
    return new IdTokenExpectation(null, null, Collections.emptySet(), accessToken, login.claims());
  }
}
