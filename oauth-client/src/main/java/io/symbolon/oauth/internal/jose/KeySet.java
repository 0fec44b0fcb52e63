package io.symbolon.oauth.internal.jose;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of one issuer: those that verify signatures, those to encrypt to (RFC 7517 §5). */
public final class KeySet {
  private static final List<String> PRIVATE =
      List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");
  private static final int MAX_KEYS = 100;

  private final List<VerificationKey> keys;
  private final List<EncryptionKey> encryptionKeys;

  private KeySet(List<VerificationKey> keys, List<EncryptionKey> encryptionKeys) {
    this.keys = Collections.unmodifiableList(keys);
    this.encryptionKeys = encryptionKeys;
  }

  /**
   * Reads a JWK Set key by key and leaves out what it cannot use.
   *
   * @throws IllegalArgumentException when it is not a JWK Set or has more than 100 keys
   */
  public static KeySet of(Map<String, @Nullable Object> document) {
    if (!(document.get("keys") instanceof List<?> members)) {
      throw new IllegalArgumentException("it has no list of keys");
    }
    if (members.size() > MAX_KEYS) {
      throw new IllegalArgumentException("it has more than " + MAX_KEYS + " keys");
    }
    List<VerificationKey> keys = new ArrayList<>();
    List<EncryptionKey> encryptionKeys = new ArrayList<>();
    for (Object member : members) {
      if (!(member instanceof Map<?, ?> jwk) || isPrivate(jwk)) {
        continue;
      }
      VerificationKey key = VerificationKey.of(jwk);
      if (key != null) {
        keys.add(key);
      }
      EncryptionKey recipient = EncryptionKey.of(jwk);
      if (recipient != null) {
        encryptionKeys.add(recipient);
      }
    }
    return new KeySet(keys, encryptionKeys);
  }

  /** What everybody can sign with proves nothing, and hides nothing (RFC 7517 §9.2). */
  private static boolean isPrivate(Map<?, ?> jwk) {
    return PRIVATE.stream().anyMatch(jwk::containsKey);
  }

  /** The first key to which can be encrypted with this {@code alg}; null when there is none. */
  public @Nullable EncryptionKey encryptionKey(String algorithm) {
    for (EncryptionKey key : encryptionKeys) {
      if (key.fits(algorithm)) {
        return key;
      }
    }
    return null;
  }

  /** Whether no key can verify signatures. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** The keys that can verify signatures. */
  public List<VerificationKey> keys() {
    return keys;
  }

  /** The keys that may have signed: of this name, if one is given, and fit for the algorithm. */
  public List<VerificationKey> candidates(@Nullable String keyId, SignatureAlgorithm algorithm) {
    List<VerificationKey> candidates = new ArrayList<>();
    for (VerificationKey key : keys) {
      if ((keyId == null || keyId.equals(key.keyId())) && key.fits(algorithm)) {
        candidates.add(key);
      }
    }
    return candidates;
  }

  /** Whether a key of this name is there, fit or not. */
  public boolean knows(@Nullable String keyId) {
    return keyId == null || keys.stream().anyMatch(key -> keyId.equals(key.keyId()));
  }
}
