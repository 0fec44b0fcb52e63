/** OAuth 2 for clients. */
@SuppressWarnings({"requires-automatic", "module"}) // Moshi; oidc-client is compiled later
module io.symbolon.oauth {
  requires transitive okhttp3;
  requires com.squareup.moshi;
  requires com.nimbusds.jose.jwt;
  requires static com.github.benmanes.caffeine;
  requires static transitive org.jspecify;

  exports io.symbolon.oauth;
  exports io.symbolon.oauth.loopback;
  exports io.symbolon.oauth.providers;
  exports io.symbolon.oauth.registration;
  exports io.symbolon.oauth.internal to
      io.symbolon.oidc;
  exports io.symbolon.oauth.internal.cache to
      io.symbolon.oidc;
  exports io.symbolon.oauth.internal.json to
      io.symbolon.oidc;
  exports io.symbolon.oauth.internal.jose to
      io.symbolon.oidc;
}
