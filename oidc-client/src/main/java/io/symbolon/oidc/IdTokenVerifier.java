package io.symbolon.oidc;

import io.symbolon.oauth.Secret;
import io.symbolon.oauth.Verdict;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a text is an ID token that we may believe: the signature first; then the claims,
 * all of them, so that a refusal shows everything.
 */
final class IdTokenVerifier {
  static final Set<String> USUAL_TYPES = Collections.singleton("jwt");

  /** Types that are registered for tokens which the same issuer signs for other purposes. */
  static final Set<String> OTHER_TOKENS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "at+jwt",
                  "logout+jwt",
                  "secevent+jwt",
                  "token-introspection+jwt",
                  "dpop+jwt",
                  "oauth-authz-req+jwt")));

  private final IdTokenRules rules;
  private final JwtSignature signature;
  private final Set<String> types;

  /**
   * @param types what the header may say, in lower case
   */
  IdTokenVerifier(IdTokenRules rules, JwtSignature signature, Set<String> types) {
    this.rules = rules;
    this.signature = signature;
    this.types = types;
  }

  /**
   * @param algorithms exact names of the algorithms that are allowed
   * @param clientSecret null for a public client, which cannot check a MAC
   */
  IdTokenVerifier(
      IdTokenRules rules,
      Set<String> algorithms,
      @Nullable Secret clientSecret,
      JwtSignature.Keys keys) {
    this(
        rules,
        new JwtSignature(algorithms, "idTokenAlgorithms(…)", clientSecret, keys),
        USUAL_TYPES);
  }

  /**
   * Believes or refuses.
   *
   * @throws IdTokenException when the token is refused
   * @throws IOException when the issuer's keys cannot be had
   */
  IdToken verify(String text, IdTokenExpectation expectation) throws IOException {
    Verdict.Builder verdict = Verdict.about("the ID token from " + rules.issuer());
    JwtSignature.Signed jwt = signature.verify(text, types, verdict, IdTokenVerifier::refused);
    Map<String, @Nullable Object> claims = rules.properlyNamed(jwt.claims());
    rules.check(claims, jwt.algorithm(), expectation, verdict);
    return new IdToken(Secret.of(jwt.text()), claims);
  }

  static IdTokenException refused(String check, String reason, Verdict.Builder verdict) {
    return new IdTokenException(check, "the ID token is refused: " + reason, verdict.build());
  }
}
