package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read out of hostile and odd {@code WWW-Authenticate} headers. */
class HostileChallengesTest {
  private static final HostileCases CASES = HostileCases.of("www_authenticate_dpop");

  static Stream<HostileCase> cases() {
    return CASES.toRun();
  }

  @Test
  void everyCaseIsRunOrListed() {
    CASES.assertComplete(cases());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void onlyWholeChallengesAreRead(HostileCase hostile) {
    assertThat(read(hostile)).isEqualTo(expected(hostile));
  }

  private static List<Map<String, Object>> read(HostileCase hostile) {
    List<Map<String, Object>> read = new ArrayList<>();
    for (String field : fields(hostile)) {
      for (Challenge challenge : ChallengeParser.parse(field)) {
        read.add(plain(challenge));
      }
    }
    return read;
  }

  private static Map<String, Object> plain(Challenge challenge) {
    Map<String, Object> plain = new HashMap<>();
    plain.put("scheme", challenge.scheme());
    if (challenge.token68() == null) {
      plain.put("params", challenge.parameters());
    } else {
      plain.put("token68", challenge.token68());
    }
    return plain;
  }

  private static List<?> expected(HostileCase hostile) {
    return hostile.list("challenges");
  }

  static Stream<HostileCase> actions() {
    return CASES.toRun().filter(hostile -> !hostile.object("action").isEmpty());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("actions")
  void theProgramIsToldWhatTheApiWants(HostileCase hostile) {
    Map<?, ?> action = hostile.object("action");
    Challenge challenge = Challenge.of(headers(hostile)).get(0);

    if (action.containsKey("error")) {
      assertThat(challenge.error()).isEqualTo(action.get("error"));
    }
    if (action.containsKey("report")) {
      assertThat(challenge.wantsStepUp()).isTrue();
    }
    if (action.containsKey("scope")) {
      Object scope = action.get("scope");
      assertThat(List.copyOf(challenge.scope())).isEqualTo(scope == null ? List.of() : scope);
    }
    if (action.containsKey("max_age")) {
      Duration maxAge = challenge.maxAge();
      assertThat(maxAge == null ? null : maxAge.toSeconds()).isEqualTo(action.get("max_age"));
    }
    if (action.containsKey("resource_metadata")) {
      assertThat(challenge.resourceMetadata()).isEqualTo(action.get("resource_metadata"));
    }
  }

  /** An API that says the same to every token: a call is repeated at most once, with another. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("actions")
  void aTokenIsRenewedOnceAndOnlyWhereThatMayHelp(HostileCase hostile) throws IOException {
    try (ExampleSite site = ExampleSite.start()) {
      AtomicInteger issued = new AtomicInteger();
      site.answer("/token", request -> ExampleSite.json(token(issued.incrementAndGet())));
      site.answer("/api", answer(hostile));
      OkHttpClient api =
          new OAuthInterceptor(source(site), ExampleSite.ISSUER).install(site.http());
      Request request = new Request.Builder().url(ExampleSite.ISSUER + "/api").build();

      try (Response response = api.newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(answer(hostile).getCode());
      }

      int renewals = issued.get() - 1;
      assertThat(renewals).isBetween(0, 1);
      assertThat(site.requests("/api")).hasSize(1 + renewals);
      assertThat(site.contacts()).containsExactly(ExampleSite.HOST);
      if (hostile.object("action").get("refresh") instanceof Long expected) {
        assertThat(renewals).isEqualTo(expected.intValue());
      }
    }
  }

  private static String token(int number) {
    return "{\"access_token\":\"AT-" + number + "\",\"token_type\":\"Bearer\"}";
  }

  private static TokenSource source(ExampleSite site) {
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .issuer(ExampleSite.ISSUER)
                .tokenEndpoint(ExampleSite.ISSUER + "/token")
                .build())
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of("7Fjfp0ZBr1KtDRbnfVdmIw"))
        .httpClient(site.http())
        .build()
        .clientCredentials()
        .tokenSource();
  }

  private static MockResponse answer(HostileCase hostile) {
    return new MockResponse.Builder()
        .code(hostile.number("status"))
        .headers(headers(hostile))
        .build();
  }

  private static Headers headers(HostileCase hostile) {
    Headers.Builder headers = new Headers.Builder();
    for (Object header : hostile.list("headers")) {
      List<?> pair = (List<?>) header;
      headers.addUnsafeNonAscii((String) pair.get(0), (String) pair.get(1));
    }
    return headers.build();
  }

  static List<String> fields(HostileCase hostile) {
    List<String> fields = new ArrayList<>();
    for (Object header : hostile.list("headers")) {
      if (((List<?>) header).get(0).equals("WWW-Authenticate")) {
        String field = (String) ((List<?>) header).get(1);
        boolean abridged = field.startsWith(",,,…");
        fields.add(abridged ? ",".repeat(10_000) + " Bearer realm=\"x\"" : field);
      }
    }
    return fields;
  }
}
