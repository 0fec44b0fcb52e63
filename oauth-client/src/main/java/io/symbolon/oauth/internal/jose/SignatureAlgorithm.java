package io.symbolon.oauth.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** The signature algorithms that are known (RFC 7518 §3.1, RFC 8037, RFC 9864). "none" is not. */
public enum SignatureAlgorithm {
  /** RSA, PKCS #1 v1.5. */
  RS256("RSA", null, "SHA-256", 0),
  /** RSA, PKCS #1 v1.5. */
  RS384("RSA", null, "SHA-384", 0),
  /** RSA, PKCS #1 v1.5. */
  RS512("RSA", null, "SHA-512", 0),
  /** RSA, PSS. */
  PS256("RSA", null, "SHA-256", 0),
  /** RSA, PSS. */
  PS384("RSA", null, "SHA-384", 0),
  /** RSA, PSS. */
  PS512("RSA", null, "SHA-512", 0),
  /** ECDSA on P-256. */
  ES256("EC", "P-256", "SHA-256", 64),
  /** ECDSA on P-384. */
  ES384("EC", "P-384", "SHA-384", 96),
  /** ECDSA on P-521. */
  ES512("EC", "P-521", "SHA-512", 132),
  /** Edwards curve; of its curves Ed25519 is known. */
  EdDSA("OKP", "Ed25519", "SHA-512", 64),
  /** The same by its new name. */
  Ed25519("OKP", "Ed25519", "SHA-512", 64),
  /** HMAC. */
  HS256("oct", null, "SHA-256", 32),
  /** HMAC. */
  HS384("oct", null, "SHA-384", 48),
  /** HMAC. */
  HS512("oct", null, "SHA-512", 64);

  private final String keyType;
  private final @Nullable String curve;
  private final String hash;
  private final int signatureOctets;

  SignatureAlgorithm(String keyType, @Nullable String curve, String hash, int signatureOctets) {
    this.keyType = keyType;
    this.curve = curve;
    this.hash = hash;
    this.signatureOctets = signatureOctets;
  }

  /** The algorithm of exactly this name; null when it is not known. */
  public static @Nullable SignatureAlgorithm named(String name) {
    for (SignatureAlgorithm algorithm : values()) {
      if (algorithm.name().equals(name)) {
        return algorithm;
      }
    }
    return null;
  }

  /** The octets of a signature; 0 when the key decides. */
  public int signatureOctets() {
    return signatureOctets;
  }

  /** Signs, whether the key is here or in hardware. */
  public byte[] signature(Key key, byte[] signingInput) throws IOException {
    try {
      return sign(key, signingInput);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IOException("the signing key failed to sign with " + name(), e);
    }
  }

  /** Whether both sides share the key. */
  public boolean isSymmetric() {
    return keyType.equals("oct");
  }

  /** The hash that belongs to it, as the JDK names it; also for {@code at_hash}. */
  public String hash() {
    return hash;
  }

  String keyType() {
    return keyType;
  }

  @Nullable String curve() {
    return curve;
  }

  /** Whether the signature is right. Never throws for what a token can bring. */
  boolean verifies(Key key, byte[] signingInput, byte[] signature) {
    if (signatureOctets != 0 && signature.length != signatureOctets) {
      return false;
    }
    try {
      if (keyType.equals("OKP")) {
        return verifiesEdwards((PublicKey) key, signingInput, signature);
      }
      JWSHeader header = new JWSHeader(JWSAlgorithm.parse(name()));
      return verifier(key).verify(header, signingInput, Base64URL.encode(signature));
    } catch (JOSEException | GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  private JWSVerifier verifier(Key key) throws JOSEException {
    return switch (keyType) {
      case "RSA" -> new RSASSAVerifier((RSAPublicKey) key);
      case "EC" -> new ECDSAVerifier((ECPublicKey) key);
      default -> new MACVerifier((SecretKey) key);
    };
  }

  /** The signature in the form that a JWS carries. */
  byte[] sign(Key key, byte[] signingInput) throws GeneralSecurityException {
    try {
      if (keyType.equals("OKP")) {
        return signEdwards((PrivateKey) key, signingInput);
      }
      JWSHeader header = new JWSHeader(JWSAlgorithm.parse(name()));
      return signer(key).sign(header, signingInput).decode();
    } catch (JOSEException e) {
      throw new GeneralSecurityException(e.getMessage(), e);
    }
  }

  private JWSSigner signer(Key key) throws JOSEException {
    return switch (keyType) {
      case "RSA" -> new RSASSASigner((PrivateKey) key);
      case "EC" -> new ECDSASigner((PrivateKey) key, Curve.parse(curve));
      default -> new MACSigner((SecretKey) key);
    };
  }

  private static byte[] signEdwards(PrivateKey key, byte[] signingInput)
      throws GeneralSecurityException {
    Signature ed25519 = Signature.getInstance("Ed25519");
    ed25519.initSign(key);
    ed25519.update(signingInput);
    return ed25519.sign();
  }

  /** Nimbus needs another library for it; the JDK has it. */
  private static boolean verifiesEdwards(PublicKey key, byte[] signingInput, byte[] signature)
      throws GeneralSecurityException {
    Signature ed25519 = Signature.getInstance("Ed25519");
    ed25519.initVerify(key);
    ed25519.update(signingInput);
    return ed25519.verify(signature);
  }
}
