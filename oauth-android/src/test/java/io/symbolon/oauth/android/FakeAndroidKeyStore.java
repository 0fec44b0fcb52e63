package io.symbolon.oauth.android;

import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.KeyStoreException;
import java.security.KeyStoreSpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.cert.Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.KeyGeneratorSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * The Keystore that a device has and Robolectric lacks. It is as strict: keys show no bytes, do
 * only what they were made for, and choose their own initialization vectors; signatures are DER
 * only. Needs OpenJDK, since Oracle's wants signed providers.
 */
@SuppressWarnings("serial") // nobody writes a key
public final class FakeAndroidKeyStore extends Provider {
  private static final String NAME = "AndroidKeyStore";
  private static final String REAL = "BC"; // Robolectric brings it, as Android does
  private static final Map<String, Entry> ENTRIES = new ConcurrentHashMap<>();
  private static volatile boolean broken;

  private FakeAndroidKeyStore() {
    super(NAME, "1", "keys in memory, for tests");
    put("KeyStore." + NAME, Store.class.getName());
    put("KeyGenerator.AES", SealingKeys.class.getName());
    put("KeyPairGenerator.EC", SigningKeys.class.getName());
    put("Cipher.AES/GCM/NoPadding", Sealing.class.getName());
    put("Cipher.AES/GCM/NoPadding SupportedKeyClasses", SealingKey.class.getName());
    put("Signature.SHA256withECDSA", Signing.class.getName());
    put("Signature.SHA256withECDSA SupportedKeyClasses", PrivateHalf.class.getName());
  }

  /** A device as it comes from the shop. */
  public static void install() {
    uninstall();
    Security.insertProviderAt(new FakeAndroidKeyStore(), 1); // its refusal is the one to be told
  }

  /** No Keystore any more, and no keys. */
  public static void uninstall() {
    Security.removeProvider(NAME);
    ENTRIES.clear();
    broken = false;
  }

  /** From now on the Keystore answers nothing but errors, or works again. */
  public static void breakDown(boolean isBroken) {
    broken = isBroken;
  }

  /** From now on this key refuses to work, as after a change of the screen lock. */
  static void invalidate(String alias) {
    ENTRIES.get(alias).invalid = true;
  }

  static boolean has(String alias) {
    return ENTRIES.containsKey(alias);
  }

  private static final class Entry {
    final KeyGenParameterSpec spec;
    final Key real;
    final Key shown;
    final Certificate certificate;
    volatile boolean invalid;

    Entry(KeyGenParameterSpec spec, Key real, PublicKey publicKey) {
      this.spec = spec;
      this.real = real;
      this.shown =
          publicKey == null
              ? new SealingKey(this)
              : new PrivateHalf(this, ((ECPublicKey) publicKey).getParams());
      this.certificate = publicKey == null ? null : new SelfSigned(publicKey);
    }

    void require(int purpose) throws InvalidKeyException {
      if (invalid) {
        throw new InvalidKeyException("Key permanently invalidated");
      }
      if ((spec.getPurposes() & purpose) == 0) {
        throw new InvalidKeyException("Incompatible purpose");
      }
    }
  }

  private abstract static class Opaque implements Key {
    final transient Entry entry;

    Opaque(Entry entry) {
      this.entry = entry;
    }

    @Override
    public String getAlgorithm() {
      return entry.real.getAlgorithm();
    }

    @Override
    public String getFormat() {
      return null;
    }

    @Override
    public byte[] getEncoded() {
      return null;
    }
  }

  /** Public, because a provider's classes are found by name. */
  public static final class SealingKey extends Opaque implements SecretKey {
    SealingKey(Entry entry) {
      super(entry);
    }
  }

  /** As on a device, the curve shows and the number does not. */
  public static final class PrivateHalf extends Opaque implements PrivateKey, ECKey {
    private final transient ECParameterSpec curve;

    PrivateHalf(Entry entry, ECParameterSpec curve) {
      super(entry);
      this.curve = curve;
    }

    @Override
    public ECParameterSpec getParams() {
      return curve;
    }
  }

  private static final class SelfSigned extends Certificate {
    private final PublicKey publicKey;

    SelfSigned(PublicKey publicKey) {
      super("X.509");
      this.publicKey = publicKey;
    }

    @Override
    public byte[] getEncoded() {
      return new byte[0];
    }

    @Override
    public void verify(PublicKey key) {}

    @Override
    public void verify(PublicKey key, String provider) {}

    @Override
    public String toString() {
      return "certificate of the Keystore";
    }

    @Override
    public PublicKey getPublicKey() {
      return publicKey;
    }
  }

  public static final class SealingKeys extends KeyGeneratorSpi {
    private KeyGenParameterSpec spec;

    @Override
    protected void engineInit(SecureRandom random) {
      throw new UnsupportedOperationException("KeyGenParameterSpec required");
    }

    @Override
    protected void engineInit(int size, SecureRandom random) {
      throw new UnsupportedOperationException("KeyGenParameterSpec required");
    }

    @Override
    protected void engineInit(AlgorithmParameterSpec parameters, SecureRandom random)
        throws InvalidAlgorithmParameterException {
      spec = specOf(parameters);
    }

    @Override
    protected SecretKey engineGenerateKey() {
      byte[] octets = new byte[spec.getKeySize() / 8];
      new SecureRandom().nextBytes(octets);
      Entry entry = new Entry(spec, new SecretKeySpec(octets, "AES"), null);
      ENTRIES.put(spec.getKeystoreAlias(), entry);
      return (SecretKey) entry.shown;
    }
  }

  public static final class SigningKeys extends KeyPairGeneratorSpi {
    private KeyGenParameterSpec spec;

    @Override
    public void initialize(int size, SecureRandom random) {
      throw new UnsupportedOperationException("KeyGenParameterSpec required");
    }

    @Override
    public void initialize(AlgorithmParameterSpec parameters, SecureRandom random)
        throws InvalidAlgorithmParameterException {
      spec = specOf(parameters);
    }

    @Override
    public KeyPair generateKeyPair() {
      try {
        KeyPairGenerator real = KeyPairGenerator.getInstance("EC", REAL);
        real.initialize(spec.getAlgorithmParameterSpec());
        KeyPair pair = real.generateKeyPair();
        Entry entry = new Entry(spec, pair.getPrivate(), pair.getPublic());
        ENTRIES.put(spec.getKeystoreAlias(), entry);
        return new KeyPair(pair.getPublic(), (PrivateKey) entry.shown);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static KeyGenParameterSpec specOf(AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (parameters instanceof KeyGenParameterSpec spec) {
      return spec;
    }
    throw new InvalidAlgorithmParameterException("KeyGenParameterSpec required");
  }

  public static final class Signing extends SignatureSpi {
    private Signature real;

    @Override
    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
      if (!(key instanceof PrivateHalf half)) {
        throw new InvalidKeyException("not a key of the Keystore");
      }
      half.entry.require(KeyProperties.PURPOSE_SIGN);
      if (!Arrays.asList(half.entry.spec.getDigests()).contains(KeyProperties.DIGEST_SHA256)) {
        throw new InvalidKeyException("Incompatible digest");
      }
      try {
        real = Signature.getInstance("SHA256withECDSA", REAL);
        real.initSign((PrivateKey) half.entry.real);
      } catch (InvalidKeyException e) {
        throw e;
      } catch (GeneralSecurityException e) {
        throw new InvalidKeyException(e);
      }
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
      throw new InvalidKeyException("the Keystore only signs");
    }

    @Override
    protected void engineUpdate(byte octet) throws SignatureException {
      real.update(octet);
    }

    @Override
    protected void engineUpdate(byte[] octets, int offset, int length) throws SignatureException {
      real.update(octets, offset, length);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      return real.sign();
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      throw new SignatureException("the Keystore only signs");
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException();
    }
  }

  public static final class Sealing extends CipherSpi {
    private Cipher real;

    @Override
    protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
      try {
        engineInit(mode, key, (AlgorithmParameterSpec) null, random);
      } catch (InvalidAlgorithmParameterException e) {
        throw new InvalidKeyException(e);
      }
    }

    @Override
    protected void engineInit(
        int mode, Key key, AlgorithmParameterSpec parameters, SecureRandom random)
        throws InvalidKeyException, InvalidAlgorithmParameterException {
      if (!(key instanceof SealingKey sealing)) {
        throw new InvalidKeyException("not a key of the Keystore");
      }
      boolean isEncryption = mode == Cipher.ENCRYPT_MODE;
      sealing.entry.require(
          isEncryption ? KeyProperties.PURPOSE_ENCRYPT : KeyProperties.PURPOSE_DECRYPT);
      if (!Arrays.asList(sealing.entry.spec.getBlockModes()).contains("GCM")) {
        throw new InvalidKeyException("Incompatible block mode");
      }
      if (isEncryption && parameters != null) {
        throw new InvalidAlgorithmParameterException("Caller-provided IV not permitted");
      }
      try {
        real = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
        if (isEncryption) {
          real.init(mode, sealing.entry.real);
        } else {
          real.init(mode, sealing.entry.real, parameters);
        }
      } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
        throw e;
      } catch (GeneralSecurityException e) {
        throw new InvalidKeyException(e);
      }
    }

    @Override
    protected void engineInit(
        int mode, Key key, AlgorithmParameters parameters, SecureRandom random)
        throws InvalidAlgorithmParameterException {
      throw new InvalidAlgorithmParameterException("nobody needs it");
    }

    @Override
    protected void engineSetMode(String mode) {}

    @Override
    protected void engineSetPadding(String padding) {}

    @Override
    protected int engineGetBlockSize() {
      return real.getBlockSize();
    }

    @Override
    protected int engineGetOutputSize(int length) {
      return real.getOutputSize(length);
    }

    @Override
    protected byte[] engineGetIV() {
      return real.getIV();
    }

    @Override
    protected AlgorithmParameters engineGetParameters() {
      return real.getParameters();
    }

    @Override
    protected void engineUpdateAAD(byte[] octets, int offset, int length) {
      real.updateAAD(octets, offset, length);
    }

    @Override
    protected byte[] engineUpdate(byte[] octets, int offset, int length) {
      return real.update(octets, offset, length);
    }

    @Override
    protected int engineUpdate(byte[] in, int offset, int length, byte[] out, int outOffset)
        throws ShortBufferException {
      return real.update(in, offset, length, out, outOffset);
    }

    @Override
    protected byte[] engineDoFinal(byte[] octets, int offset, int length)
        throws IllegalBlockSizeException, BadPaddingException {
      return real.doFinal(octets, offset, length);
    }

    @Override
    protected int engineDoFinal(byte[] in, int offset, int length, byte[] out, int outOffset)
        throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
      return real.doFinal(in, offset, length, out, outOffset);
    }
  }

  public static final class Store extends KeyStoreSpi {
    @Override
    public Key engineGetKey(String alias, char[] password) {
      Entry entry = ENTRIES.get(alias);
      return entry == null ? null : entry.shown;
    }

    @Override
    public Certificate engineGetCertificate(String alias) {
      Entry entry = ENTRIES.get(alias);
      return entry == null ? null : entry.certificate;
    }

    @Override
    public Certificate[] engineGetCertificateChain(String alias) {
      Certificate certificate = engineGetCertificate(alias);
      return certificate == null ? null : new Certificate[] {certificate};
    }

    @Override
    public void engineDeleteEntry(String alias) {
      ENTRIES.remove(alias);
    }

    @Override
    public Enumeration<String> engineAliases() {
      return Collections.enumeration(ENTRIES.keySet());
    }

    @Override
    public boolean engineContainsAlias(String alias) {
      return ENTRIES.containsKey(alias);
    }

    @Override
    public int engineSize() {
      return ENTRIES.size();
    }

    @Override
    public boolean engineIsKeyEntry(String alias) {
      return ENTRIES.containsKey(alias);
    }

    @Override
    public boolean engineIsCertificateEntry(String alias) {
      return false;
    }

    @Override
    public String engineGetCertificateAlias(Certificate certificate) {
      return null;
    }

    @Override
    public Date engineGetCreationDate(String alias) {
      return new Date(0);
    }

    @Override
    public void engineLoad(InputStream in, char[] password)
        throws java.security.cert.CertificateException {
      if (broken) {
        throw new java.security.cert.CertificateException("system error -49");
      }
    }

    @Override
    public void engineStore(OutputStream out, char[] password) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetKeyEntry(String alias, Key key, char[] password, Certificate[] chain)
        throws KeyStoreException {
      throw new KeyStoreException("keys are made here, not brought");
    }

    @Override
    public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain)
        throws KeyStoreException {
      throw new KeyStoreException("keys are made here, not brought");
    }

    @Override
    public void engineSetCertificateEntry(String alias, Certificate certificate)
        throws KeyStoreException {
      throw new KeyStoreException("certificates are made here, not brought");
    }
  }
}
