package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server's clock shows, and when it is believed. */
class ClockOffsetTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final TestClock clock = TestClock.at(START);

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private final List<OAuthEvent> offsets = new CopyOnWriteArrayList<>();

  private OAuthClient.Builder builder() {
    return OAuthClient.builder()
        .issuer(server().issuer())
        .clientId("reports")
        .clientSecret(Secret.of("s3cret"))
        .clock(clock)
        .listener(
            event -> {
              if (event instanceof OAuthEvent.ClockOffset) {
                offsets.add(event);
              }
            });
  }

  private FakeAuthorizationServer server() {
    return extension.server().client("reports", "s3cret");
  }

  private static OAuthEvent offset(long seconds) {
    return new OAuthEvent.ClockOffset(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @DisplayName("F-42 the server's time is known from its first answer")
  @ValueSource(longs = {300, -300, 86_400, -86_400, 3})
  void theServersTimeIsKnown(long seconds) throws Exception {
    server().shiftClock(Duration.ofSeconds(seconds));
    OAuthClient client = builder().build();
    assertThat(client.serverTime()).isEqualTo(START);
    client.server();

    assertThat(client.clockOffset()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(client.health().clockOffset()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(client.serverTime()).isEqualTo(START.plusSeconds(seconds));
    assertThat(offsets).containsExactly(offset(seconds));
  }

  @Test
  @DisplayName("F-42 what differs by no more than the grain of the header is taken for the same")
  void aSecondIsNoDifference() throws Exception {
    server().shiftClock(Duration.ofSeconds(2));
    OAuthClient client = builder().build();
    client.server();

    assertThat(client.clockOffset()).isEqualTo(Duration.ofSeconds(2));
    assertThat(client.serverTime()).isEqualTo(START);
    assertThat(offsets).isEmpty();
  }

  @Test
  @DisplayName("F-42 more than a day is not believed")
  void moreThanADayIsNotBelieved() throws Exception {
    server().shiftClock(Duration.ofDays(1).plusSeconds(1));
    OAuthClient client = builder().build();
    client.server();

    assertThat(client.clockOffset()).isNull();
    assertThat(client.serverTime()).isEqualTo(START);
  }

  @Test
  @DisplayName("F-42 each answer tells anew; one without a date, or out of a cache, tells nothing")
  void eachAnswerTellsAnew() throws Exception {
    FakeAuthorizationServer server = server().shiftClock(Duration.ofMinutes(5));
    OAuthClient client = builder().build();
    client.server();
    server.refuseNext(400, "{\"error\":\"x\"}", "Date", "no date");
    execute(client);
    assertThat(client.clockOffset()).isEqualTo(Duration.ofMinutes(5));
    server.alterNext(it -> it.newBuilder().setHeader("Age", "100").build());
    server.shiftClock(Duration.ofMinutes(3));
    execute(client);
    assertThat(client.clockOffset()).isEqualTo(Duration.ofMinutes(5));

    execute(client);
    assertThat(client.clockOffset()).isEqualTo(Duration.ofMinutes(3));
    server.refuseNext("invalid_client").shiftClock(Duration.ZERO);
    execute(client);
    assertThat(client.clockOffset()).isZero();
    assertThat(client.serverTime()).isEqualTo(START);
    assertThat(offsets).containsExactly(offset(300), offset(180), offset(0));
  }

  private static void execute(OAuthClient client) {
    try {
      client.clientCredentials().execute();
    } catch (IOException e) {
      // The answer has come all the same.
    }
  }

  @Test
  @DisplayName("F-42 a date that somebody else may have written is not believed")
  void aDateInClearTextIsNotBelieved() throws Exception {
    Request request = new Request.Builder().url(server().url("/anything")).build();
    HttpExchange http = new HttpExchange(new OkHttpClient(), Duration.ofSeconds(10));
    HttpAnswer answer = http.execute(request);
    ServerMetadata metadata =
        ServerMetadata.discovered("https://login.example.com", null, http, clock, null);

    metadata.learnClock(answer, HttpUrl.get("http://login.example.com/token"));
    assertThat(metadata.clockOffset()).isNull();
    metadata.learnClock(answer, HttpUrl.get("https://login.example.com/token"));
    assertThat(metadata.clockOffset()).isZero();
  }
}
