package io.symbolon.oauth;

import io.symbolon.oauth.internal.SealedBox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys with which entries of a token store are sealed (AES-256-GCM): one that seals, and older
 * ones that still open. All processes that share a store share the keys. Immutable, safe for many
 * threads; shows no key.
 */
public final class StoreKeys {
  private static final String VERSION = "symbolon1";
  private static final String IN_KEYSTORE = "keystore";
  private static final int PASSPHRASE_ROUNDS = 600_000;

  private final Supplier<SecretKey> current;
  private final Map<String, SecretKey> older;

  private StoreKeys(Supplier<SecretKey> current, Map<String, SecretKey> older) {
    this.current = current;
    this.older = Collections.unmodifiableMap(older);
  }

  /**
   * A key that you manage.
   *
   * @throws IllegalArgumentException when it is not an AES key of 256 bits
   */
  public static StoreKeys of(SecretKey key) {
    byte[] encoded = key.getEncoded();
    if (!key.getAlgorithm().equals("AES") || (encoded != null && encoded.length != 32)) {
      throw new IllegalArgumentException("a store key is an AES key of 256 bits");
    }
    return of(() -> key);
  }

  /** A key that is asked for at each use, such as one in a keystore. */
  public static StoreKeys of(Supplier<SecretKey> key) {
    return new StoreKeys(key, new LinkedHashMap<>());
  }

  /**
   * The key in a file that only its owner can read; made on the first use. Keep it elsewhere than
   * the store: who has both has the logins, and who loses it loses them.
   *
   * @throws IOException when the file cannot be read or made, is no key file, or others than its
   *     owner may use it
   */
  public static StoreKeys file(Path file) throws IOException {
    byte[] fresh = new byte[32];
    new SecureRandom().nextBytes(fresh);
    String text =
        PrivateFiles.readOrCreate(file, Base64.getEncoder().encodeToString(fresh) + "\n").trim();
    byte[] key = text.matches("[A-Za-z0-9+/]{43}=") ? Base64.getDecoder().decode(text) : fresh;
    if (key == fresh) {
      throw new IOException(file + " is no key file: a line of 32 octets in base64 is expected");
    }
    return of(new SecretKeySpec(key, "AES"));
  }

  /**
   * A key from a passphrase (PBKDF2 with HMAC-SHA-256, 600,000 rounds: about a second, once).
   *
   * @param salt differs from program to program and stays the same; at least 8 characters
   */
  public static StoreKeys passphrase(Secret passphrase, String salt) {
    if (salt.length() < 8) {
      throw new IllegalArgumentException("a salt has at least 8 characters");
    }
    PBEKeySpec spec =
        new PBEKeySpec(
            passphrase.reveal().toCharArray(),
            salt.getBytes(StandardCharsets.UTF_8),
            PASSPHRASE_ROUNDS,
            256);
    try {
      byte[] key =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      return of(new SecretKeySpec(key, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has PBKDF2 with HMAC-SHA-256", e);
    } finally {
      spec.clearPassword();
    }
  }

  /**
   * The same keys, and one that opens what it sealed before and seals nothing any more. Entries
   * move to the current key as they are renewed.
   */
  public StoreKeys alsoOpening(SecretKey former) {
    Map<String, SecretKey> more = new LinkedHashMap<>(older);
    more.put(name(former), former);
    return new StoreKeys(current, more);
  }

  /** A wrong key is a mistake in the program, and says nothing about the store. */
  private SecretKey currentKey() {
    SecretKey key = current.get();
    byte[] encoded = key.getEncoded();
    if (!key.getAlgorithm().equals("AES") || (encoded != null && encoded.length != 32)) {
      throw new IllegalStateException(
          "a store key is an AES key of 256 bits, but the supplier gave one for "
              + key.getAlgorithm()
              + (encoded == null ? "" : " of " + encoded.length * 8 + " bits"));
    }
    return key;
  }

  /** Seals a text for one place of a store. */
  String seal(String text, String place) {
    SecretKey key = currentKey();
    String head = VERSION + "." + name(key);
    return head + "." + SealedBox.seal(text, key, head + " " + place);
  }

  /**
   * Opens what was sealed for this place.
   *
   * @param where names the file or row in the message
   */
  String open(String sealed, String place, String where) throws IOException {
    SecretKey now = currentKey();
    String[] parts = sealed.split("\\.", -1);
    if (parts.length != 3 || !parts[0].startsWith("symbolon")) {
      throw new StoreCorruptedException(where, "it is not an entry of this library");
    }
    if (!parts[0].equals(VERSION)) {
      throw new StoreCorruptedException(
          where, "it was written by a newer version of this library; update this program");
    }
    SecretKey key = parts[1].equals(name(now)) ? now : older.get(parts[1]);
    if (key == null) {
      throw new StoreCorruptedException(
          where, "it is sealed with another key; name that key with alsoOpening(…)");
    }
    try {
      return SealedBox.open(parts[2], key, parts[0] + "." + parts[1] + " " + place);
    } catch (GeneralSecurityException e) {
      throw new StoreCorruptedException(where, "it is damaged, or " + otherCause(parts[1]));
    }
  }

  private static String otherCause(String key) {
    return key.equals(IN_KEYSTORE)
        ? "its key in the keystore is gone; a new login takes its place"
        : "belongs to another entry";
  }

  /** Which key it is, without saying what it is; keys that never leave a keystore share a name. */
  private static String name(SecretKey key) {
    byte[] encoded = key.getEncoded();
    if (encoded == null) {
      return IN_KEYSTORE;
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update("io.symbolon.oauth.StoreKeys".getBytes(StandardCharsets.US_ASCII));
      byte[] digest = sha256.digest(encoded);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest).substring(0, 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** How many keys; never a key. */
  @Override
  public String toString() {
    return "store keys, " + (1 + older.size());
  }
}
