package io.symbolon.oauth.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthHealth;
import io.symbolon.oauth.Secret;
import java.time.Clock;
import java.util.function.Consumer;

/** What docs/operations.md shows. */
final class MetricsRecipe {
  private MetricsRecipe() {}

  static OAuthClient measured(
      MeterRegistry registry, Consumer<String> log, String issuer, Secret secret, Clock clock) {
    OAuthClient oauth =
        OAuthClient.builder()
            .issuer(issuer)
            .clientId("reports")
            .clientSecret(secret)
            .clock(clock)
            .listener(
                new MicrometerListener(registry, "client", "reports")
                    .and(event -> log.accept(event.toString())))
            .build();
    Gauge.builder("oauth.client.unsaved.logins", oauth, it -> it.health().unsavedLogins())
        .register(registry);
    return oauth;
  }

  static String status(OAuthClient oauth) {
    OAuthHealth health = oauth.health();
    return health.isGood() ? "UP" : "token endpoint: " + health.token().failure();
  }
}
