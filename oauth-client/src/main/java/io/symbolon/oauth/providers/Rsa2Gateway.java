package io.symbolon.oauth.providers;

import io.symbolon.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway where both sides sign what they say with RSA and SHA-256: the application its
 * parameters, the gateway the text of its answer.
 */
final class Rsa2Gateway {
  private static final int LEAST_BITS = 2048;
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneOffset.ofHours(8));

  /** The whole answer: what is signed is all there is, so that nothing else can be read from it. */
  private static final Pattern ANSWER =
      Pattern.compile(
          "\\{\\s*\"[a-z_]{1,64}_response\"\\s*:\\s*(\\{.*\\})\\s*,"
              + "\\s*\"sign\"\\s*:\\s*\"([A-Za-z0-9+/=\\\\]{1,2048})\"\\s*\\}",
          Pattern.DOTALL);

  private final PrivateKey own;
  private final PublicKey theirs;

  /**
   * @param own PKCS #8 in Base64, with or without the lines of PEM
   * @param theirs the gateway's key, not the application's; X.509 in Base64, likewise
   */
  Rsa2Gateway(Secret own, String theirs) {
    try {
      KeyFactory rsa = KeyFactory.getInstance("RSA");
      this.own = rsa.generatePrivate(new PKCS8EncodedKeySpec(octets(own.reveal())));
      this.theirs = rsa.generatePublic(new X509EncodedKeySpec(octets(theirs)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Without the cause, which may quote the key.
      throw new IllegalArgumentException(
          "the application's private key should be RSA in PKCS #8, and the gateway's public key in"
              + " X.509, both in Base64");
    }
    requireStrength(this.own);
    requireStrength(this.theirs);
  }

  private static byte[] octets(String key) {
    return Base64.getDecoder().decode(key.replaceAll("-----[A-Z ]+-----|\\s", ""));
  }

  private static void requireStrength(Key key) {
    int bits = ((RSAKey) key).getModulus().bitLength();
    if (bits < LEAST_BITS) {
      throw new IllegalArgumentException(
          "an RSA key should have 2048 bits or more, but this one has " + bits);
    }
  }

  /** All parameters of a request, with the signature over those that have a value. */
  Map<String, String> completed(Map<String, String> parameters, Instant now) {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.put("format", "JSON");
    all.put("charset", "utf-8");
    all.put("sign_type", "RSA2");
    all.put("timestamp", TIMESTAMP.format(now));
    all.put("version", "1.0");
    all.put("sign", signature(all));
    return all;
  }

  private String signature(Map<String, String> parameters) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(parameters)
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                text.append(text.length() == 0 ? "" : "&").append(name).append('=').append(value);
              }
            });
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(own);
      signature.update(text.toString().getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the application's key does not sign", e);
    }
  }

  /** Whether the gateway signed this answer. */
  boolean isAuthentic(String answer) {
    Matcher parts = ANSWER.matcher(answer);
    if (!parts.matches()) {
      return false;
    }
    String text = String.valueOf(parts.group(1));
    String signature = String.valueOf(parts.group(2)).replace("\\", "");
    // The gateway signs before its JSON is written, and slashes may be escaped only then.
    return verifies(text, signature) || verifies(text.replace("\\/", "/"), signature);
  }

  private boolean verifies(String text, String signature) {
    try {
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(theirs);
      verifier.update(text.getBytes(StandardCharsets.UTF_8));
      return verifier.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
