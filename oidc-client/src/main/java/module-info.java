/** OpenID Connect for clients. */
module io.symbolon.oidc {
  requires transitive io.symbolon.oauth;
  requires static transitive org.jspecify;

  exports io.symbolon.oidc;
}
