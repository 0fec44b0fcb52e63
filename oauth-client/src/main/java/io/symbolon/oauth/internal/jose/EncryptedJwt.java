package io.symbolon.oauth.internal.jose;

import io.symbolon.oauth.DecryptionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token that was encrypted to us (RFC 7516).
 *
 * <p>Anybody can encrypt to a public key: that a token can be decrypted says nothing about who made
 * it. What is inside has to be signed, and the signature verified (RFC 8725 §2.3).
 */
public final class EncryptedJwt {
  private static final int MAX_TRIALS = 4;

  private EncryptedJwt() {}

  /** Whether the text has the five parts of an encrypted token. */
  public static boolean isOne(String text) {
    return text.chars().filter(c -> c == '.').count() == 4;
  }

  /**
   * The signed JWT inside an encrypted one, as its text; it is not verified yet.
   *
   * @param algorithms the {@code alg} values that were agreed upon; empty when the keys decide
   * @param encryptions the {@code enc} values that were agreed upon; empty for any that is known
   * @throws MalformedJwtException when it cannot be decrypted, always with the same words, or when
   *     it does not contain one signed JWT
   */
  public static String signedInside(
      String text,
      Collection<? extends DecryptionKey> keys,
      Collection<String> algorithms,
      Collection<String> encryptions)
      throws MalformedJwtException {
    CompactJwe jwe = CompactJwe.parse(text);
    Object contentType = jwe.header().get("cty");
    if (contentType != null && !StrictJwt.comparable(String.valueOf(contentType)).equals("jwt")) {
      throw new MalformedJwtException("cty", "encrypted content that is not a JWT");
    }
    byte[] content = decrypted(jwe, keys, algorithms, encryptions);
    String inner = new String(content, StandardCharsets.UTF_8);
    if (isOne(inner)) {
      throw new MalformedJwtException("encryption", "a token that is encrypted twice");
    }
    checkReplicated(jwe.header(), StrictJwt.parse(inner).claims());
    return inner;
  }

  /** The octets inside, whatever they are; see {@link #signedInside} for tokens. */
  public static byte[] content(
      String text,
      Collection<? extends DecryptionKey> keys,
      Collection<String> algorithms,
      Collection<String> encryptions)
      throws MalformedJwtException {
    return decrypted(CompactJwe.parse(text), keys, algorithms, encryptions);
  }

  private static byte[] decrypted(
      CompactJwe jwe,
      Collection<? extends DecryptionKey> keys,
      Collection<String> algorithms,
      Collection<String> encryptions)
      throws MalformedJwtException {
    String algorithm = jwe.management().id();
    if (!algorithms.isEmpty() && !algorithms.contains(algorithm)) {
      throw new MalformedJwtException(
          "alg", "encrypted with " + algorithm + " instead of " + String.join(", ", algorithms));
    }
    String encryption = jwe.encryption().id();
    if (!encryptions.isEmpty() && !encryptions.contains(encryption)) {
      throw new MalformedJwtException(
          "enc", "encrypted with " + encryption + " instead of " + String.join(", ", encryptions));
    }
    List<JweKey> candidates = candidates(jwe, keys, algorithms.contains(algorithm));
    if (candidates.isEmpty()) {
      throw new MalformedJwtException(
          "alg", "encrypted with " + algorithm + ", for which there is no key");
    }
    for (JweKey key : candidates) {
      byte[] content = key.decrypt(jwe);
      if (content != null) {
        return content;
      }
    }
    throw new MalformedJwtException("decryption", "a token that cannot be decrypted");
  }

  /** The key of that name; or, for a name that we never gave, every key that fits. */
  private static List<JweKey> candidates(
      CompactJwe jwe, Collection<? extends DecryptionKey> keys, boolean agreed) {
    List<JweKey> fitting = new ArrayList<>();
    List<JweKey> named = new ArrayList<>();
    for (DecryptionKey each : keys) {
      JweKey key = (JweKey) each;
      if (key.fits(jwe.management(), agreed) && fitting.size() < MAX_TRIALS) {
        fitting.add(key);
      }
      if (key.fits(jwe.management(), agreed) && isNamed(key, jwe.keyId())) {
        named.add(key);
      }
    }
    return named.isEmpty() ? fitting : named.subList(0, Math.min(MAX_TRIALS, named.size()));
  }

  private static boolean isNamed(JweKey key, @Nullable String keyId) {
    return keyId != null && keyId.equals(key.keyId());
  }

  /** A claim may stand in the header too, and then says the same (RFC 7519 §5.3). */
  private static void checkReplicated(
      Map<String, @Nullable Object> header, Map<String, @Nullable Object> claims)
      throws MalformedJwtException {
    for (String name : new String[] {"iss", "sub", "aud"}) {
      Object replicated = header.get(name);
      if (header.containsKey(name)
          && (replicated == null || !replicated.equals(claims.get(name)))) {
        throw new MalformedJwtException(
            name, "another " + name + " in the header than among the claims");
      }
    }
  }
}
