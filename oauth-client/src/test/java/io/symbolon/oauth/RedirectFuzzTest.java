package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.hostile.HostileCases;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class RedirectFuzzTest {
  private static final String REDIRECT_URI = "https://client.example.org/cb";
  private static final Instant NOW = Instant.ofEpochSecond(1767225600);
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final AuthorizationServer SERVER =
      AuthorizationServer.builder()
          .issuer("https://as.example.com")
          .authorizationEndpoint("https://as.example.com/authorize")
          .tokenEndpoint("https://as.example.com/token")
          .build();
  private static final OAuthClient CLIENT =
      OAuthClient.builder().server(SERVER).clientId("s6BhdRkqt3").clock(CLOCK).build();
  private static final Secret SECRET = Secret.of("a secret of more than thirty-two octets");
  private static final SignedResponses SIGNED_RESPONSES =
      new SignedResponses(
          Set.of("HS256"), SECRET, List.of(), () -> null, CLOCK, Duration.ofMinutes(1));
  private static final PendingAuthorization BY_QUERY = begin(CLIENT.authorize());
  private static final PendingAuthorization BY_FORM = begin(CLIENT.authorize().formPost());
  private static final PendingAuthorization BY_FRAGMENT =
      begin(CLIENT.authorize().responseType("code token"));

  private static PendingAuthorization begin(AuthorizationRequest request) {
    try {
      return request.redirectUri(REDIRECT_URI).begin();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<byte[]> seeds() {
    return HostileCases.of("authorization_responses")
        .all()
        .map(hostile -> hostile.object("request").get("query"))
        .filter(String.class::isInstance)
        .map(query -> ((String) query).getBytes(StandardCharsets.UTF_8));
  }

  /** {@code af0ifjsldkj} stands for the state, which differs from run to run. */
  @MethodSource("seeds")
  @FuzzTest
  void aResponseIsACodeOrAReason(byte[] octets) throws Exception {
    String text = new String(octets, StandardCharsets.UTF_8);
    check(BY_QUERY, AuthorizationResponse.ofQuery(filled(BY_QUERY, text)));
    check(BY_QUERY, AuthorizationResponse.ofUrl(REDIRECT_URI + "?" + filled(BY_QUERY, text)));
    check(BY_QUERY, AuthorizationResponse.ofUrl(text));
    check(BY_FORM, AuthorizationResponse.ofForm(filled(BY_FORM, text)));
    check(BY_FRAGMENT, AuthorizationResponse.ofFragment(filled(BY_FRAGMENT, text)));
    check(BY_FRAGMENT, AuthorizationResponse.ofUrl(REDIRECT_URI + "#" + filled(BY_FRAGMENT, text)));
  }

  private static String filled(PendingAuthorization pending, String text) {
    return text.replace("af0ifjsldkj", pending.state().reveal());
  }

  private static void check(PendingAuthorization pending, AuthorizationResponse response)
      throws Exception {
    try {
      Map<String, Secret> parameters =
          new AuthorizationResponseCheck(
                  "s6BhdRkqt3", SERVER, NOW, new SpentLogins(CLOCK), SIGNED_RESPONSES)
              .parameters(pending, response);
      assertThat(parameters).containsKey("code");
    } catch (OAuthException e) {
      assertThat(e.explain()).doesNotContain(pending.state().reveal());
    }
  }
}
