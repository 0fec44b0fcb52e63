package io.symbolon.oauth.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

/** A key pair with a name, for one algorithm. */
final class SigningKey {
  private final String algorithm;
  private final String kid = UUID.randomUUID().toString();
  private final KeyPair pair;

  private SigningKey(String algorithm, KeyPair pair) {
    this.algorithm = algorithm;
    this.pair = pair;
  }

  static SigningKey generate(String algorithm) {
    return new SigningKey(algorithm, isRsa(algorithm) ? RsaKeyPairs.take() : newPair(algorithm));
  }

  private static KeyPair newPair(String algorithm) {
    try {
      if (algorithm.equals("EdDSA"))
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve(algorithm).getStdName()));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String algorithm() {
    return algorithm;
  }

  String kid() {
    return kid;
  }

  byte[] sign(byte[] input) {
    try {
      if (algorithm.equals("EdDSA")) return signEd25519(input);
      return signer(pair.getPrivate())
          .sign(new JWSHeader(JWSAlgorithm.parse(algorithm)), input)
          .decode();
    } catch (JOSEException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Nimbus needs Tink for Ed25519; the JDK has it built in. */
  private byte[] signEd25519(byte[] input) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(input);
    return signature.sign();
  }

  private JWSSigner signer(PrivateKey key) throws JOSEException {
    return isRsa(algorithm) ? new RSASSASigner(key) : new ECDSASigner(key, curve(algorithm));
  }

  /** The public half as it appears in the JWK Set. */
  Map<String, Object> publicJwk() {
    Map<String, Object> jwk = publicKey().toJSONObject();
    jwk.put("kid", kid);
    jwk.put("use", "sig");
    jwk.put("alg", algorithm);
    return jwk;
  }

  private JWK publicKey() {
    if (isRsa(algorithm)) return new RSAKey.Builder((RSAPublicKey) pair.getPublic()).build();
    if (algorithm.equals("EdDSA")) return new OctetKeyPair.Builder(Curve.Ed25519, rawX()).build();
    return new ECKey.Builder(curve(algorithm), (ECPublicKey) pair.getPublic()).build();
  }

  /** The encoded Ed25519 key ends with the 32 bytes that are the key (RFC 8410, section 4). */
  private Base64URL rawX() {
    byte[] encoded = pair.getPublic().getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  /** Lets another server use the key pair; this one must be done with it. */
  void giveBack() {
    if (isRsa(algorithm)) RsaKeyPairs.giveBack(pair);
  }

  private static boolean isRsa(String algorithm) {
    return algorithm.startsWith("RS") || algorithm.startsWith("PS");
  }

  private static Curve curve(String algorithm) {
    return switch (algorithm) {
      case "ES256" -> Curve.P_256;
      case "ES384" -> Curve.P_384;
      case "ES512" -> Curve.P_521;
      default -> throw new IllegalArgumentException("cannot sign with " + algorithm);
    };
  }
}
