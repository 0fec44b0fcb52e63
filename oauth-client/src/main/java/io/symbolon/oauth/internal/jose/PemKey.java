package io.symbolon.oauth.internal.jose;

import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A private key in PEM: PKCS #8, unencrypted (RFC 7468 §10). */
public final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");
  private static final int SEED_OCTETS = 32;

  private PemKey() {}

  /**
   * Reads the key, with the public key or the certificate beside it if there is one.
   *
   * @throws IllegalArgumentException when it cannot be used, with what to do and nothing of the key
   */
  public static PrivateJwk read(String pem) {
    byte[] pkcs8 = null;
    PublicKey publicKey = null;
    Matcher block = BLOCK.matcher(pem);
    while (block.find()) {
      String label = String.valueOf(block.group(1));
      byte[] octets = octets(String.valueOf(block.group(2)));
      if (label.equals("PRIVATE KEY")) {
        pkcs8 = octets;
      } else if (label.endsWith("PRIVATE KEY")) {
        throw new IllegalArgumentException(
            "the PEM file holds a key as "
                + label
                + "; PRIVATE KEY (PKCS #8) is read, and this makes one: "
                + "openssl pkcs8 -topk8 -nocrypt -in key.pem -out key.p8.pem");
      } else if (publicKey == null) {
        publicKey = publicKey(label, octets);
      }
    }
    if (pkcs8 == null) {
      throw new IllegalArgumentException("the text holds no -----BEGIN PRIVATE KEY-----");
    }
    return pair(pkcs8, publicKey).belongingTogether();
  }

  private static byte[] octets(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the PEM file is not base64 between its lines");
    }
  }

  private static @Nullable PublicKey publicKey(String label, byte[] octets) {
    try {
      if (label.equals("CERTIFICATE")) {
        return CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(octets))
            .getPublicKey();
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the certificate in the PEM file cannot be read");
    }
    if (!label.equals("PUBLIC KEY")) {
      return null;
    }
    for (String type : new String[] {"RSA", "EC", "Ed25519"}) {
      try {
        return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(octets));
      } catch (GeneralSecurityException e) {
        // Then it is of the next type.
      }
    }
    throw new IllegalArgumentException("the public key in the PEM file cannot be read");
  }

  private static PrivateJwk pair(byte[] pkcs8, @Nullable PublicKey given) {
    PrivateKey key = privateKey(pkcs8);
    PublicKey publicKey = given;
    try {
      if (publicKey == null) {
        publicKey = derived(key, pkcs8);
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      // The same sentence as for a key without its public half.
    }
    if (publicKey == null) {
      throw new IllegalArgumentException(
          "the PEM file does not tell the public key; append it: "
              + "openssl pkey -in key.pem -pubout >> key.pem");
    }
    return PrivateJwk.of(key, publicKey);
  }

  private static PrivateKey privateKey(byte[] pkcs8) {
    for (String type : new String[] {"RSA", "EC", "Ed25519"}) {
      try {
        return KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        // Then it is of the next type.
      }
    }
    throw new IllegalArgumentException("the PEM file holds no RSA, EC or Ed25519 key");
  }

  private static @Nullable PublicKey derived(PrivateKey key, byte[] pkcs8)
      throws GeneralSecurityException {
    if (key instanceof RSAPrivateCrtKey rsa) {
      return KeyFactory.getInstance("RSA")
          .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
    }
    return key instanceof ECPrivateKey ec ? trailingPoint(ec.getParams(), pkcs8) : ed25519(pkcs8);
  }

  /** The encoded key ends with its point, if the maker wrote one (RFC 5915 §3). */
  private static @Nullable PublicKey trailingPoint(ECParameterSpec curve, byte[] pkcs8)
      throws GeneralSecurityException {
    int size = (curve.getCurve().getField().getFieldSize() + 7) / 8;
    int start = pkcs8.length - 2 * size;
    if (start < 1 || pkcs8[start - 1] != 4) {
      return null;
    }
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(pkcs8, start, start + size));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(pkcs8, start + size, pkcs8.length));
    Curve name = Curve.forECParameterSpec(curve);
    if (name == null || !ECChecks.isPointOnCurve(x, y, curve)) {
      return null;
    }
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
  }

  /** A generator that is given the seed makes the same pair; whether it did is checked later. */
  private static PublicKey ed25519(byte[] pkcs8) throws GeneralSecurityException {
    byte[] seed = Arrays.copyOfRange(pkcs8, pkcs8.length - SEED_OCTETS, pkcs8.length);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(255, new Seed(seed));
    return generator.generateKeyPair().getPublic();
  }

  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
