package io.symbolon.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.benchmarks.Library.Tokens;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A comparison means nothing unless everybody does the work. */
final class LibraryTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @EnumSource
  void everyLibraryHandsOutTheTokenOfTheServerAndKeepsIt(Library library) throws IOException {
    try (TokenServer server = new TokenServer(HOUR, Duration.ZERO)) {
      Tokens tokens = library.tokens(server.tokenEndpoint(), HOUR);
      assertThat(tokens.token()).isEqualTo(TokenServer.token(1));
      assertThat(tokens.token()).isEqualTo(TokenServer.token(1));
      assertThat(server.tokenRequests()).isEqualTo(1);
    }
  }
}
