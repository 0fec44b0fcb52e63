package io.symbolon.oauth.android;

import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.StoreKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;

/**
 * Keys that never leave the device: they live in the Android Keystore, and the app only asks for
 * what they do. A key is made when it is first asked for. Safe for many threads.
 *
 * <pre>{@code
 * TokenStore store = FileTokenStore.open(
 *     context.getNoBackupFilesDir().toPath().resolve("logins"), AndroidKeystore.storeKeys("logins"));
 * }</pre>
 *
 * <p>The Keystore is another process and may take tens of milliseconds: not for the main thread. A
 * key is gone with the app, and a backup does not bring it back; what it sealed is lost then: a
 * store throws {@link io.symbolon.oauth.StoreCorruptedException}, and a new login takes the place
 * of the entry. Nothing here asks for the screen lock or a fingerprint.
 */
public final class AndroidKeystore {
  private static final String PROVIDER = "AndroidKeyStore";
  private static final Object CREATION = new Object();

  private AndroidKeystore() {}

  /** Keys for a {@link io.symbolon.oauth.TokenStore}: one AES key of 256 bits by this alias. */
  public static StoreKeys storeKeys(String alias) {
    return StoreKeys.of(() -> sealingKey(alias));
  }

  /**
   * An AES key of 256 bits for {@link io.symbolon.oidc.PendingLogin#seal}.
   *
   * @throws IllegalStateException when the device's Keystore fails, or the alias is a key of
   *     another kind
   */
  public static SecretKey sealingKey(String alias) {
    synchronized (CREATION) {
      try {
        KeyStore keystore = keystore();
        if (!keystore.containsAlias(alias)) {
          return createSealingKey(alias);
        }
        if (keystore.getKey(alias, null) instanceof SecretKey key) {
          return key;
        }
        throw new IllegalStateException(
            "the key \"" + alias + "\" of the Keystore does not seal; choose another alias");
      } catch (GeneralSecurityException | ProviderException e) {
        throw failed(alias, e);
      }
    }
  }

  /**
   * An EC key on P-256 that signs with {@code ES256}: for {@code private_key_jwt}, and for tokens
   * that only this device can use (DPoP, RFC 9449). Each signature asks the Keystore.
   *
   * @throws IllegalStateException when the device's Keystore fails, or the alias is a key of
   *     another kind
   */
  public static SigningKey signingKey(String alias) {
    synchronized (CREATION) {
      try {
        KeyStore keystore = keystore();
        if (!keystore.containsAlias(alias)) {
          createSigningKey(alias);
        }
        Certificate certificate = keystore.getCertificate(alias);
        if (certificate == null || !(keystore.getKey(alias, null) instanceof PrivateKey key)) {
          throw new IllegalStateException(
              "the key \"" + alias + "\" of the Keystore does not sign; choose another alias");
        }
        return SigningKey.of(key, certificate.getPublicKey());
      } catch (GeneralSecurityException | ProviderException e) {
        throw failed(alias, e);
      }
    }
  }

  /** Forgets a key, and with it everything that it sealed. */
  public static void delete(String alias) {
    synchronized (CREATION) {
      try {
        keystore().deleteEntry(alias);
      } catch (GeneralSecurityException | ProviderException e) {
        throw failed(alias, e);
      }
    }
  }

  private static SecretKey createSealingKey(String alias) throws GeneralSecurityException {
    KeyGenerator generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER);
    generator.init(
        new KeyGenParameterSpec.Builder(
                alias, KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT)
            .setKeySize(256)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build());
    return generator.generateKey();
  }

  private static void createSigningKey(String alias) throws GeneralSecurityException {
    KeyPairGenerator generator =
        KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, PROVIDER);
    generator.initialize(
        new KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN)
            .setAlgorithmParameterSpec(new ECGenParameterSpec("secp256r1"))
            .setDigests(KeyProperties.DIGEST_SHA256)
            .build());
    generator.generateKeyPair();
  }

  private static KeyStore keystore() throws GeneralSecurityException {
    KeyStore keystore = KeyStore.getInstance(PROVIDER);
    try {
      keystore.load(null);
    } catch (IOException e) {
      throw new GeneralSecurityException("the Keystore cannot be read", e);
    }
    return keystore;
  }

  private static IllegalStateException failed(String alias, Exception cause) {
    return new IllegalStateException(
        "the Android Keystore failed for the key \""
            + alias
            + "\" ("
            + cause.getClass().getSimpleName()
            + "); delete it and let the user log in again",
        cause);
  }
}
