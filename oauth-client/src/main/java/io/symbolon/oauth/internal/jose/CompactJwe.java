package io.symbolon.oauth.internal.jose;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Encrypted octets in compact form, taken apart but not yet decrypted (RFC 7516 §7.1): the same
 * gate as for signed ones. Nothing is ever inflated.
 */
final class CompactJwe {
  private static final Pattern COMPACT =
      Pattern.compile(
          "[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+");

  private final String[] parts;
  private final Map<String, @Nullable Object> header;
  private final KeyManagement management;
  private final ContentEncryption encryption;

  private CompactJwe(
      String[] parts,
      Map<String, @Nullable Object> header,
      KeyManagement management,
      ContentEncryption encryption) {
    this.parts = parts;
    this.header = header;
    this.management = management;
    this.encryption = encryption;
  }

  static CompactJwe parse(String text) throws MalformedJwtException {
    CompactJws.checkLength(text);
    if (!COMPACT.matcher(text).matches()) {
      throw new MalformedJwtException("format", "not five parts of base64url");
    }
    String[] parts = text.split("\\.", -1);
    Map<String, @Nullable Object> header = CompactJws.header(parts[0]);
    KeyManagement management = KeyManagement.named(String.valueOf(header.get("alg")));
    if (management == null) {
      throw new MalformedJwtException("alg", "an encryption algorithm that is not known");
    }
    ContentEncryption encryption =
        header.get("enc") instanceof String enc ? ContentEncryption.named(enc) : null;
    if (encryption == null) {
      throw new MalformedJwtException("enc", "a content encryption that is not known");
    }
    checkTexts(header);
    CompactJwe jwe = new CompactJwe(parts, header, management, encryption);
    jwe.checkParts();
    return jwe;
  }

  private static void checkTexts(Map<String, @Nullable Object> header)
      throws MalformedJwtException {
    for (String name : new String[] {"cty", "apu", "apv", "iv", "tag"}) {
      if (header.containsKey(name) && !(header.get(name) instanceof String)) {
        throw new MalformedJwtException("format", "a " + name + " that is not a text");
      }
    }
  }

  private void checkParts() throws MalformedJwtException {
    String[] names = {"header", "encrypted key", "initialization vector", "ciphertext", "tag"};
    byte[][] octets = new byte[parts.length][];
    for (int i = 0; i < parts.length; i++) {
      octets[i] = CompactJws.decode(names[i], parts[i]);
    }
    if (management.isDirect() && octets[1].length > 0) {
      throw new MalformedJwtException(
          "format", "an encrypted key beside " + management.id() + ", which has none");
    }
    if (!encryption.fits(octets[2], octets[4])) {
      throw new MalformedJwtException(
          "format", "an initialization vector or a tag of the wrong length");
    }
  }

  Map<String, @Nullable Object> header() {
    return header;
  }

  KeyManagement management() {
    return management;
  }

  ContentEncryption encryption() {
    return encryption;
  }

  @Nullable String keyId() {
    return (String) header.get("kid");
  }

  /** In base64url: 0 header, 1 encrypted key, 2 initialization vector, 3 ciphertext, 4 tag. */
  String part(int index) {
    return parts[index];
  }
}
