package io.symbolon.oauth;

/**
 * What an operator wants to know: each request and how long it took, each renewal and why, what
 * came from memory, which keys and metadata were fetched, what was refused.
 *
 * <pre>{@code
 * OAuthClient oauth = OAuthClient.builder()
 *     .issuer("https://login.example.com").clientId("reports")
 *     .listener(event -> log.info("{}", event))
 *     .build();
 * }</pre>
 *
 * <p>Called on whichever thread does the work, by many at a time, and while others wait for that
 * work: be quick, and do not call this library from it. What it throws, errors included, changes
 * nothing and is counted in {@link OAuthHealth#listenerFailures}. No event holds a secret.
 */
@FunctionalInterface
public interface OAuthListener {
  /** Something has happened. New kinds of events may come with each release. */
  void on(OAuthEvent event);

  /** Tells this listener, and then another one, whatever the first makes of it. */
  default OAuthListener and(OAuthListener other) {
    return event -> {
      try {
        on(event);
      } finally {
        other.on(event);
      }
    };
  }
}
