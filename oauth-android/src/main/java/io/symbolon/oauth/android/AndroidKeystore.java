package io.symbolon.oauth.android;

import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import io.symbolon.oauth.StoreKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
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
 * key is gone with the app, and after some changes of the screen lock; what it sealed is lost then,
 * and the user logs in again.
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
   * @throws IllegalStateException when the device's Keystore fails
   */
  public static SecretKey sealingKey(String alias) {
    synchronized (CREATION) {
      try {
        SecretKey key = (SecretKey) keystore().getKey(alias, null);
        return key != null ? key : createSealingKey(alias);
      } catch (GeneralSecurityException e) {
        throw failed(alias, e);
      }
    }
  }

  /** Forgets a key, and with it everything that it sealed. */
  public static void delete(String alias) {
    try {
      keystore().deleteEntry(alias);
    } catch (GeneralSecurityException e) {
      throw failed(alias, e);
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

  private static KeyStore keystore() throws GeneralSecurityException {
    KeyStore keystore = KeyStore.getInstance(PROVIDER);
    try {
      keystore.load(null);
    } catch (IOException e) {
      throw new GeneralSecurityException("the Keystore cannot be read", e);
    }
    return keystore;
  }

  private static IllegalStateException failed(String alias, GeneralSecurityException cause) {
    return new IllegalStateException(
        "the Android Keystore failed for the key \""
            + alias
            + "\" ("
            + cause.getClass().getSimpleName()
            + "); delete it and let the user log in again",
        cause);
  }
}
