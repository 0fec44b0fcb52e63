package io.symbolon.oauth;

import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/** An app that was stopped while the user was in the browser, and is started by the redirect. */
final class CompletingApp {
  private CompletingApp() {}

  static SecretKeySpec key() {
    byte[] octets = new byte[32];
    Arrays.fill(octets, (byte) 9);
    return new SecretKeySpec(octets, "AES");
  }

  static OAuthClient client(String issuer) {
    return OAuthClient.builder().issuer(issuer).clientId("app").build();
  }

  /** Arguments: issuer, sealed login, callback URL. */
  public static void main(String[] arguments) throws Exception {
    PendingAuthorization pending = PendingAuthorization.unseal(arguments[1], key(), "");
    try {
      TokenSet tokens = client(arguments[0]).complete(pending, arguments[2]);
      System.out.println(tokens.refreshToken() == null ? "without refresh token" : "logged in");
    } catch (OAuthErrorException e) {
      System.out.println(e.error());
    }
  }
}
