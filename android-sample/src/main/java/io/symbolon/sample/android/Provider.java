package io.symbolon.sample.android;

/**
 * Where the user signs in, and as which app.
 *
 * @param issuer exactly as the provider writes it in its metadata
 * @param byAppLink whether the browser comes back by an App Link, not by the app's own scheme
 */
record Provider(String issuer, String clientId, boolean byAppLink) {
  private static final String OWN_SCHEME = "io.symbolon.sample.android:/callback";
  private static final String APP_LINK = "https://app.example.com/callback";

  static final Provider NONE = new Provider("", "", false);

  /** What to register with the provider. */
  String redirectUri() {
    return byAppLink ? APP_LINK : OWN_SCHEME;
  }
}
