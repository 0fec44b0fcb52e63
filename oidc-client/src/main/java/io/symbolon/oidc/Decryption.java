package io.symbolon.oidc;

import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.jose.EncryptedJwt;
import io.symbolon.oauth.internal.jose.MalformedJwtException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * How tokens that are encrypted to this client are opened (OpenID Connect Core §10.2). What is
 * inside is still to be verified: everybody can encrypt to a public key.
 *
 * @param keys none when the client registered no encryption
 * @param encryptions the {@code enc} that was registered; empty for any that is known
 * @param required whether a token that is not encrypted is refused
 */
record Decryption(List<DecryptionKey> keys, Set<String> encryptions, boolean required) {
  static final Decryption NONE =
      new Decryption(Collections.emptyList(), Collections.emptySet(), false);
  private static final String SECTION = "OpenID Connect Core §10.2";

  /** The same for tokens that the provider may encrypt or not. */
  Decryption optional() {
    return new Decryption(keys, encryptions, false);
  }

  /** The signed JWT, taken out of an encrypted one if it is in one. */
  String opened(String text, Verdict.Builder verdict, JwtSignature.Refusal refusal)
      throws InvalidResponseException {
    if (keys.isEmpty() || !isEncrypted(text, verdict, refusal)) {
      return text;
    }
    try {
      String inner = EncryptedJwt.signedInside(text, keys, Collections.emptySet(), encryptions);
      verdict.passed("encryption", "decrypted", SECTION);
      return inner;
    } catch (MalformedJwtException e) {
      throw refused(e, verdict, refusal);
    }
  }

  /** What was encrypted, signed or not. */
  String content(String text, Verdict.Builder verdict, JwtSignature.Refusal refusal)
      throws InvalidResponseException {
    try {
      byte[] content = EncryptedJwt.content(text, keys, Collections.emptySet(), encryptions);
      verdict.passed("encryption", "decrypted", SECTION);
      return new String(content, StandardCharsets.UTF_8);
    } catch (MalformedJwtException e) {
      throw refused(e, verdict, refusal);
    }
  }

  private boolean isEncrypted(String text, Verdict.Builder verdict, JwtSignature.Refusal refusal)
      throws InvalidResponseException {
    boolean encrypted = EncryptedJwt.isOne(text);
    if (!encrypted && required) {
      verdict
          .failed("encryption", "a token that is encrypted to us", "one that is not", SECTION)
          .fix("register encryption for this client, or leave out its decryption keys");
      throw refusal.of("encryption", "it is not encrypted", verdict);
    }
    return encrypted;
  }

  private static InvalidResponseException refused(
      MalformedJwtException e, Verdict.Builder verdict, JwtSignature.Refusal refusal) {
    verdict.failed(e.check(), "a signed JWT that is encrypted to us", e.getMessage() + "", SECTION);
    return refusal.of(e.check(), "it is " + e.getMessage(), verdict);
  }
}
