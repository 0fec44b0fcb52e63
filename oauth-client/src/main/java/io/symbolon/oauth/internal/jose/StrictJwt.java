package io.symbolon.oauth.internal.jose;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signed JWT in compact form, taken apart but not yet believed: nothing of it may be used before
 * its signature has been verified (RFC 7519 §7.2).
 */
public final class StrictJwt {
  private static final String IMPLIED = "application/";

  private final CompactJws jws;
  private final Map<String, @Nullable Object> claims;

  private StrictJwt(CompactJws jws, Map<String, @Nullable Object> claims) {
    this.jws = jws;
    this.claims = claims;
  }

  /**
   * Takes a token apart.
   *
   * @throws MalformedJwtException when it is anything but a signed JWT in compact form
   */
  public static StrictJwt parse(String text) throws MalformedJwtException {
    CompactJws jws = CompactJws.parse(text);
    return new StrictJwt(jws, CompactJws.json("payload", jws.payload()));
  }

  /** The algorithm that the header names. */
  public String algorithm() {
    return String.valueOf(jws.header().get("alg"));
  }

  /** The key that the header names; null when it names none. */
  public @Nullable String keyId() {
    return (String) jws.header().get("kid");
  }

  /** The type that the header names; null when it names none. */
  public @Nullable String type() {
    return (String) jws.header().get("typ");
  }

  /** The same as it is compared; see {@link #comparable}. */
  public @Nullable String comparableType() {
    String type = type();
    return type == null ? null : comparable(type);
  }

  /**
   * A media type in lower case and without the {@code application/} that is meant where a header
   * names none (RFC 7515 §4.1.9).
   */
  public static String comparable(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    return lower.startsWith(IMPLIED) ? lower.substring(IMPLIED.length()) : lower;
  }

  /** The claims as JSON values. */
  public Map<String, @Nullable Object> claims() {
    return claims;
  }

  CompactJws jws() {
    return jws;
  }

  /** Nothing of the content. */
  @Override
  public String toString() {
    return "unverified JWT";
  }
}
