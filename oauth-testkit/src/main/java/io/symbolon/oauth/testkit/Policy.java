package io.symbolon.oauth.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the server behaves until it is told otherwise. Written by the test, read by the connections.
 */
final class Policy {
  volatile User user = new User("alice", Map.of());
  volatile Duration accessTokenLifetime = Duration.ofHours(1);
  volatile List<String> allowedScopes = List.of();
  volatile boolean issueRefreshTokens = true;
  volatile boolean rotateRefreshTokens = true;
  volatile int rotationGrace = 0;
  volatile boolean includeIss = true;
  volatile @Nullable String apiScope;

  volatile boolean tokenDown;
  volatile boolean allDown;
  volatile boolean jwksDown;
  volatile boolean discoveryDown;
  volatile boolean userInfoDown;

  volatile Consumer<Map<String, Object>> metadata = document -> {};
  volatile Consumer<Map<String, Object>> jwks = document -> {};
  volatile Consumer<Map<String, Object>> tokenResponse = body -> {};
  volatile Consumer<Map<String, Object>> userInfoClaims = claims -> {};
  volatile Consumer<Map<String, Object>> idTokenClaims = claims -> {};
  volatile Consumer<Map<String, Object>> signedResponse = claims -> {};
  volatile Consumer<Map<String, Object>> idTokenHeader = header -> {};
  volatile UnaryOperator<String> idToken = UnaryOperator.identity();

  /** Who sits at the browser. */
  record User(String subject, Map<String, Object> claims) {}
}
