/** Metrics for Micrometer. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer
module io.symbolon.oauth.micrometer {
  requires transitive io.symbolon.oauth;
  requires transitive micrometer.core;
  requires static transitive org.jspecify;

  exports io.symbolon.oauth.micrometer;
}
