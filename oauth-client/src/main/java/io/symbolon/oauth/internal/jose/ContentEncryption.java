package io.symbolon.oauth.internal.jose;

import org.jspecify.annotations.Nullable;

/** How the content of a token is encrypted (RFC 7518 §5.1). */
enum ContentEncryption {
  A128CBC_HS256("A128CBC-HS256", 32, 16, 16),
  A192CBC_HS384("A192CBC-HS384", 48, 16, 24),
  A256CBC_HS512("A256CBC-HS512", 64, 16, 32),
  A128GCM("A128GCM", 16, 12, 16),
  A192GCM("A192GCM", 24, 12, 16),
  A256GCM("A256GCM", 32, 12, 16);

  private final String id;
  private final int keyOctets;
  private final int ivOctets;
  private final int tagOctets;

  ContentEncryption(String id, int keyOctets, int ivOctets, int tagOctets) {
    this.id = id;
    this.keyOctets = keyOctets;
    this.ivOctets = ivOctets;
    this.tagOctets = tagOctets;
  }

  static @Nullable ContentEncryption named(String id) {
    for (ContentEncryption encryption : values()) {
      if (encryption.id.equals(id)) {
        return encryption;
      }
    }
    return null;
  }

  /** The registered name. */
  String id() {
    return id;
  }

  int keyOctets() {
    return keyOctets;
  }

  /** Whether initialization vector and tag are as long as they have to be. */
  boolean fits(byte[] iv, byte[] tag) {
    return iv.length == ivOctets && tag.length == tagOctets;
  }
}
