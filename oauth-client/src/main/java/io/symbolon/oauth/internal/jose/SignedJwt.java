package io.symbolon.oauth.internal.jose;

import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JWT that we sign (RFC 7515 §5.1, RFC 7519 §7.1). */
public final class SignedJwt {
  /** Makes the signature of octets, in the form that goes into the token. */
  @FunctionalInterface
  public interface Signer {
    /** Signs. */
    byte[] sign(byte[] signingInput) throws IOException;
  }

  private SignedJwt() {}

  /** The compact form. */
  public static String of(
      Map<String, ? extends @Nullable Object> header,
      Map<String, ? extends @Nullable Object> claims,
      Signer signer)
      throws IOException {
    String input = part(StrictJson.write(header)) + "." + part(StrictJson.write(claims));
    byte[] signature = signer.sign(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + base64url(signature);
  }

  private static String part(String json) {
    return base64url(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64url(byte[] octets) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }
}
