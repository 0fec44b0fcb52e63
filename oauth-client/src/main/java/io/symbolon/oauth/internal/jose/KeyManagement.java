package io.symbolon.oauth.internal.jose;

import org.jspecify.annotations.Nullable;

/**
 * How the key of an encrypted token reaches us (RFC 7518 §4.1). PBES2 is not among them: its cost
 * is the sender's choice (RFC 8725 §3.6).
 */
enum KeyManagement {
  RSA_OAEP("RSA-OAEP", "RSA", true, 0),
  RSA_OAEP_256("RSA-OAEP-256", "RSA", true, 0),
  RSA_OAEP_384("RSA-OAEP-384", "RSA", false, 0),
  RSA_OAEP_512("RSA-OAEP-512", "RSA", false, 0),
  RSA1_5("RSA1_5", "RSA", false, 0),
  ECDH_ES("ECDH-ES", "EC", true, 0),
  ECDH_ES_A128KW("ECDH-ES+A128KW", "EC", true, 0),
  ECDH_ES_A192KW("ECDH-ES+A192KW", "EC", true, 0),
  ECDH_ES_A256KW("ECDH-ES+A256KW", "EC", true, 0),
  A128KW("A128KW", "oct", false, 16),
  A192KW("A192KW", "oct", false, 24),
  A256KW("A256KW", "oct", false, 32),
  A128GCMKW("A128GCMKW", "oct", false, 16),
  A192GCMKW("A192GCMKW", "oct", false, 24),
  A256GCMKW("A256GCMKW", "oct", false, 32),
  DIR("dir", "oct", false, 0);

  private final String id;
  private final String keyType;
  private final boolean usual;
  private final int keyOctets;

  KeyManagement(String id, String keyType, boolean usual, int keyOctets) {
    this.id = id;
    this.keyType = keyType;
    this.usual = usual;
    this.keyOctets = keyOctets;
  }

  static @Nullable KeyManagement named(String id) {
    for (KeyManagement algorithm : values()) {
      if (algorithm.id.equals(id)) {
        return algorithm;
      }
    }
    return null;
  }

  /** The registered name. */
  String id() {
    return id;
  }

  String keyType() {
    return keyType;
  }

  /** Whether it is taken from a server without having been agreed upon by name. */
  boolean isUsual() {
    return usual;
  }

  /** Whether the key is not sent, not even encrypted (RFC 7516 §5.2 step 10). */
  boolean isDirect() {
    return this == DIR || this == ECDH_ES;
  }

  /** The octets of the shared key; as many as the content encryption wants with {@code dir}. */
  int keyOctets(ContentEncryption encryption) {
    return keyOctets == 0 ? encryption.keyOctets() : keyOctets;
  }
}
