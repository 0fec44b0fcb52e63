package io.symbolon.oauth.internal.jose;

import io.symbolon.oauth.internal.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Octets and a signature in compact form, taken apart but not yet verified (RFC 7515 §7.1).
 *
 * <p>The gate in front of every JOSE library: exact alphabet, canonical base64url, strict UTF-8 and
 * JSON, no critical extension, bounded sizes (RFC 7515 §2, RFC 8725).
 */
final class CompactJws {
  private static final int MAX_CHARS = 256 * 1024;
  private static final int MAX_HEADER_CHARS = 16 * 1024;
  private static final int MAX_KID_CHARS = 256;
  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+");

  private final Map<String, @Nullable Object> header;
  private final byte[] payload;
  private final byte[] signingInput;
  private final byte[] signature;

  private CompactJws(
      Map<String, @Nullable Object> header, byte[] payload, byte[] signingInput, byte[] signature) {
    this.header = header;
    this.payload = payload;
    this.signingInput = signingInput;
    this.signature = signature;
  }

  static CompactJws parse(String text) throws MalformedJwtException {
    checkLength(text);
    if (!COMPACT.matcher(text).matches()) {
      throw new MalformedJwtException("format", shape(text));
    }
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    return new CompactJws(
        header(text.substring(0, first)),
        decode("payload", text.substring(first + 1, second)),
        text.substring(0, second).getBytes(StandardCharsets.US_ASCII),
        decode("signature", text.substring(second + 1)));
  }

  static void checkLength(String text) throws MalformedJwtException {
    if (text.length() > MAX_CHARS) {
      throw new MalformedJwtException("format", "longer than " + MAX_CHARS + " characters");
    }
  }

  static Map<String, @Nullable Object> header(String part) throws MalformedJwtException {
    if (part.length() > MAX_HEADER_CHARS) {
      throw new MalformedJwtException(
          "format", "a header longer than " + MAX_HEADER_CHARS + " characters");
    }
    Map<String, @Nullable Object> header = json("header", decode("header", part));
    checkHeader(header);
    return header;
  }

  private static String shape(String text) {
    long dots = text.chars().filter(c -> c == '.').count();
    if (dots == 4) {
      return "an encrypted token, and no decryption is configured";
    }
    return dots == 2
        ? "an empty part or a character outside base64url"
        : dots + 1 + " parts instead of three";
  }

  static Map<String, @Nullable Object> json(String part, byte[] octets)
      throws MalformedJwtException {
    try {
      return StrictJson.parseObject(octets);
    } catch (ParseException e) {
      throw new MalformedJwtException("json", "the " + part + " is not usable: " + e.getMessage());
    }
  }

  static byte[] decode(String part, String text) throws MalformedJwtException {
    try {
      byte[] octets = Base64.getUrlDecoder().decode(text);
      if (Base64.getUrlEncoder().withoutPadding().encodeToString(octets).equals(text)) {
        return octets;
      }
    } catch (IllegalArgumentException e) {
      // The same refusal as for bits that stand for nothing.
    }
    throw new MalformedJwtException("format", "a " + part + " that is not canonical base64url");
  }

  private static void checkHeader(Map<String, @Nullable Object> header)
      throws MalformedJwtException {
    if (!(header.get("alg") instanceof String)) {
      throw new MalformedJwtException("alg", "a header without alg");
    }
    for (String name : new String[] {"crit", "b64", "zip"}) {
      if (header.containsKey(name)) {
        throw new MalformedJwtException("crit", "a header with " + name);
      }
    }
    if (header.containsKey("kid")
        && !(header.get("kid") instanceof String kid && kid.length() <= MAX_KID_CHARS)) {
      throw new MalformedJwtException("kid", "a kid that is not a text of at most 256 characters");
    }
    if (header.containsKey("typ") && !(header.get("typ") instanceof String)) {
      throw new MalformedJwtException("typ", "a typ that is not a text");
    }
  }

  Map<String, @Nullable Object> header() {
    return header;
  }

  byte[] payload() {
    return payload;
  }

  byte[] signingInput() {
    return signingInput;
  }

  byte[] signature() {
    return signature;
  }
}
