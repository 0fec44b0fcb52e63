/** An authorization server to test OAuth clients against, with everything that can go wrong. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.symbolon.oauth.testkit {
  requires transitive mockwebserver3;
  requires transitive okhttp3;
  requires com.nimbusds.jose.jwt;
  requires com.squareup.moshi;
  requires static transitive org.junit.jupiter.api;
  requires static org.jspecify;

  exports io.symbolon.oauth.testkit;
}
