package io.symbolon.interop.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moquette.broker.Server;
import io.moquette.broker.config.MemoryConfig;
import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.CachingTokenSource;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of docs/mqtt.md at a real broker, which asks the authorization server who it is. */
final class MqttRecipeTest {
  private static final Duration LIFE = Duration.ofHours(1);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  @TempDir Path directory;
  private final List<String> logins = new CopyOnWriteArrayList<>();
  private final Server broker = new Server();
  private FakeAuthorizationServer server;
  private String address;
  private CachingTokenSource tokens;

  @BeforeEach
  void start() throws Exception {
    server = extension.server().accessTokenLifetime(LIFE);
    server.client("sensor", "s1").client("broker", "s2");
    tokens = client("sensor", "s1").clientCredentials().scope("measure").tokenSource();
    OAuthClient oauth = client("broker", "s2");
    Properties config = new Properties();
    int port = freePort();
    config.setProperty("host", "127.0.0.1");
    config.setProperty("port", String.valueOf(port));
    config.setProperty("allow_anonymous", "false");
    config.setProperty("data_path", directory.toString());
    config.setProperty("telemetry_enabled", "false");
    broker.startServer(
        new MemoryConfig(config),
        Collections.emptyList(),
        null,
        (clientId, user, password) -> isWelcome(oauth, clientId, password),
        null);
    address = "tcp://127.0.0.1:" + port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean isWelcome(OAuthClient oauth, String clientId, byte[] password) {
    try {
      String token = new String(password, StandardCharsets.UTF_8);
      boolean active = oauth.introspect(Secret.of(token)).isActive();
      logins.add(clientId + " " + active);
      return active;
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void stop() {
    broker.stopServer();
  }

  private OAuthClient client(String id, String secret) {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId(id)
        .clientSecret(Secret.of(secret))
        .clock(clock)
        .build();
  }

  @Test
  void aTokenIsThePasswordAndItsSuccessorTheNextOne() throws Exception {
    BlockingQueue<String> received = new ArrayBlockingQueue<>(10);
    try (MqttRecipe sensor = new MqttRecipe(address, "sensor", tokens)) {
      sensor.keepSignedIn();
      sensor.keepSignedIn();
      assertThat(logins).containsExactly("sensor true");
      sensor
          .mqtt()
          .subscribe("t", 1, (topic, message) -> received.add(new String(message.getPayload())));
      sensor.mqtt().publish("t", "21".getBytes(StandardCharsets.UTF_8), 1, false);
      assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("21");

      clock.advance(LIFE.minusSeconds(30)); // good for half a minute: time to renew
      sensor.keepSignedIn();
      sensor.keepSignedIn();
      assertThat(logins).containsExactly("sensor true", "sensor true");
      assertThat(server.tokenRequestCount()).isEqualTo(2);
      sensor.mqtt().publish("t", "22".getBytes(StandardCharsets.UTF_8), 1, false);
      assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("22");
    }
  }

  @Test
  void aTokenThatHasEndedIsNoPassword() throws Exception {
    TokenSource kept = new Kept(tokens);
    try (MqttRecipe sensor = new MqttRecipe(address, "sensor", kept)) {
      kept.token();
      clock.advance(LIFE.plusSeconds(1));
      assertThatThrownBy(sensor::keepSignedIn).isInstanceOf(MqttException.class);
      assertThat(logins).containsOnly("sensor false"); // Paho tries two versions of MQTT
    }
  }

  /** What happens without renewal. */
  private static final class Kept implements TokenSource {
    private final AccessToken token;

    Kept(TokenSource tokens) throws IOException {
      this.token = tokens.token();
    }

    @Override
    public AccessToken token() {
      return token;
    }
  }
}
