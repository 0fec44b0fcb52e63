package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.jose.EncryptionKey;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.internal.jose.RemoteKeySet;
import java.io.IOException;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Hides a signed request object from everybody but the server (RFC 9101 §6.1). */
final class RequestObjectEncryption {
  private static final String SECTION = "RFC 9101 §6.1";

  private final String alg;
  private final String enc;

  RequestObjectEncryption(String alg, String enc) {
    if (!EncryptionKey.isPossible(alg, enc)) {
      throw new IllegalArgumentException(
          "a request object is encrypted with RSA-OAEP-256, ECDH-ES or the like, and A256GCM or the"
              + " like, not with "
              + Display.quote(alg)
              + " and "
              + Display.quote(enc));
    }
    this.alg = alg;
    this.enc = enc;
  }

  /** The signed JWT inside an encrypted one, for a key that the server publishes now. */
  Secret seal(Secret signed, AuthorizationServer server, RemoteKeySet keys) throws IOException {
    requireTaken(server, "request_object_encryption_alg_values_supported", alg);
    requireTaken(server, "request_object_encryption_enc_values_supported", enc);
    EncryptionKey key = key(server.existing("jwks_uri", SECTION), keys);
    if (key == null) {
      throw refused(server, "keys", "one to encrypt to with " + alg, "none");
    }
    return Secret.of(key.encrypt(signed.reveal(), alg, enc));
  }

  /** A key that is not there may have been published since. */
  private @Nullable EncryptionKey key(HttpUrl place, RemoteKeySet keys) throws IOException {
    KeySet known = keys.keys(place, null);
    EncryptionKey key = known.encryptionKey(alg);
    return key == null ? keys.fresherThan(place, known).encryptionKey(alg) : key;
  }

  /** A server that says nothing is believed to take it. */
  private static void requireTaken(AuthorizationServer server, String name, String wanted)
      throws InvalidResponseException {
    List<String> known = server.strings(name);
    if (known != null && !known.contains(wanted)) {
      throw refused(server, name, wanted + " among them", Display.clean(known.toString()));
    }
  }

  private static InvalidResponseException refused(
      AuthorizationServer server, String name, String expected, String actual) {
    return new InvalidResponseException(
        "invalid_metadata",
        "no request can be encrypted to the server "
            + (server + ": " + name + " should be " + expected + ", but is " + actual),
        Verdict.about("the metadata and keys of " + server)
            .failed(name, expected, actual, SECTION)
            .fix("name what it takes: requestObjectEncryption(…); it is never sent in clear")
            .build());
  }
}
