package io.symbolon.oauth.hostile;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.RSAPrivateKeySpec;
import java.util.Base64;
import java.util.Map;

/** The keys of the cases: test keys, with their private parts. */
public final class HostileKeys {
  private static final Map<String, Object> FILE = HostileJson.resource("/hostile/keys.json");

  private HostileKeys() {}

  public static String clientSecret() {
    return (String) FILE.get("client_secret");
  }

  /** A JWK Set by its name in the cases. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> set(String name) {
    return (Map<String, Object>) ((Map<?, ?>) FILE.get("jwks_sets")).get(name);
  }

  /** A key with its private part by its name in the cases, as JSON. */
  public static String privateJwk(String name) {
    return HostileJson.text((Map<?, ?>) ((Map<?, ?>) FILE.get("keys")).get(name));
  }

  /** A JWT signed RS256 with the key {@code rs1}, whatever its header says. */
  public static String signed(String header, String payload) throws GeneralSecurityException {
    String input = encode(header) + "." + encode(payload);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(privateKey((Map<?, ?>) ((Map<?, ?>) FILE.get("keys")).get("rs1")));
    signature.update(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + encode(signature.sign());
  }

  private static PrivateKey privateKey(Map<?, ?> jwk) throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA")
        .generatePrivate(new RSAPrivateKeySpec(number(jwk.get("n")), number(jwk.get("d"))));
  }

  private static BigInteger number(Object base64url) {
    return new BigInteger(1, Base64.getUrlDecoder().decode((String) base64url));
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] octets) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }
}
