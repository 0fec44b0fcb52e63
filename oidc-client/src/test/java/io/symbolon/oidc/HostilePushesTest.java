package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.BackchannelAuthenticationRequest;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of hostile and odd posts to the notification endpoint (CIBA). */
class HostilePushesTest {
  private static final HostileCases CASES = HostileCases.of("logout_userinfo_jarm_introspection");

  private ExampleSite site;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
    Map<String, Object> metadata =
        HostileCases.of("discovery_jwks").named("META-OK-01").response().jsonBody();
    metadata.put("backchannel_authentication_endpoint", ExampleSite.ISSUER + "/backchannel");
    site.answer("/.well-known/openid-configuration", HostileJson.text(metadata));
    site.answer("/jwks.json", HostileJson.text(HostileKeys.set("default")));
  }

  @AfterEach
  void stop() {
    site.close();
  }

  static Stream<HostileCase> pushes() {
    return CASES.toRun().filter(hostile -> hostile.text("kind").equals("ciba_callback"));
  }

  private static OidcClient client(ExampleSite site) {
    return OidcClient.builder()
        .issuer(ExampleSite.ISSUER)
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of(HostileKeys.clientSecret()))
        .httpClient(site.http())
        .idTokenAlgorithms("RS256")
        .clock(TestClock.at(Instant.ofEpochSecond(1767225600)))
        .build();
  }

  private BackchannelAuthentication asked(OidcClient oidc, HostileCase hostile, boolean push)
      throws IOException {
    site.answer(
        "/backchannel",
        "{\"auth_req_id\":\"" + hostile.contextText("auth_req_id") + "\",\"expires_in\":120}");
    BackchannelAuthenticationRequest request = oidc.backchannel().loginHint("24400320");
    return (push ? request.push() : request.ping()).begin();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pushes")
  void aPushIsBelievedOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    Map<?, ?> request = hostile.object("request");
    String body = (String) request.get("body");
    OidcClient oidc = client(site);
    boolean push = body.contains("access_token") || body.contains("\"error\"");
    BackchannelAuthentication asked = asked(oidc, hostile, push);

    Attempt<String> attempt =
        Attempt.at(
            () -> {
              asked.notified(authorization(request, hostile, asked), body);
              return "believed";
            });

    attempt.hides(List.of(asked.notificationToken().reveal(), hostile.contextText("auth_req_id")));
    attempt.hides(List.of("2YotnFZFEjr1zCsicMWpAA", "4bwc0ESC_IAhflf"));
    if (!hostile.isAccepted()) {
      assertRefused(hostile, attempt.refusal(InvalidResponseException.class));
      assertThat(asked.poll()).isNull();
    } else {
      attempt.value();
      if (push && body.contains("access_token")) {
        assertThat(oidc.await(asked).idToken().subject()).isEqualTo("24400320");
      }
    }
  }

  private static void assertRefused(HostileCase hostile, InvalidResponseException refusal) {
    String error = hostile.text("error");
    if (error.equals("auth")) {
      assertThat(refusal.code()).isEqualTo("notification_token_mismatch");
    } else {
      assertThat(refusal.explain()).contains(error);
    }
  }

  /** The notification token is ours to make: the one of the case stands for it. */
  private static String authorization(
      Map<?, ?> request, HostileCase hostile, BackchannelAuthentication asked) {
    String sent = (String) ((Map<?, ?>) request.get("headers")).get("Authorization");
    return sent == null
        ? null
        : sent.replace(
            hostile.contextText("client_notification_token"), asked.notificationToken().reveal());
  }
}
