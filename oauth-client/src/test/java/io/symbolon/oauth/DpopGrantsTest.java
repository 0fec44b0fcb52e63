package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mockwebserver3.MockResponse;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every grant brings tokens that are bound to the key, nonces included (RFC 9449 §5 and §8). */
final class DpopGrantsTest {
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
  private static final String CIBA = "urn:openid:params:grant-type:ciba";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final SigningKey key = SigningKey.generate("ES256");
  // The fake server looks at the time of a proof, so ours has to be its own.
  private final TestClock clock = TestClock.at(Instant.now());
  private FakeAuthorizationServer server;

  @BeforeEach
  void register() {
    server = extension.server().client("shop", "s3cret").publicClient("tv");
  }

  private OAuthClient shop() {
    return client("shop", key).clientSecret(Secret.of("s3cret")).build();
  }

  private OAuthClient.Builder client(String clientId, SigningKey dpopKey) {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId(clientId)
        .clock(clock)
        .dpop(dpopKey);
  }

  private List<String> proofs() {
    return server.requests().stream()
        .filter(request -> request.path().equals("/token"))
        .map(request -> String.valueOf(request.header("DPoP")))
        .toList();
  }

  private Set<Object> proofIds() throws Exception {
    Set<Object> ids = new HashSet<>();
    for (String proof : proofs()) {
      ids.add(DpopProofTest.claims(proof).get("jti"));
    }
    return ids;
  }

  private void assertBound(AccessToken token) throws Exception {
    HttpUrl api = HttpUrl.get(server.url("/api/x"));
    Headers headers = token.headersFor("GET", api);
    assertThat(token.type()).isEqualTo("DPoP");
    assertThat(headers.get("Authorization")).isEqualTo("DPoP " + token.value().reveal());
    assertThat(DpopProofTest.claims(headers.get("DPoP")))
        .containsEntry("ath", DpopProofs.hash(token.value()));
  }

  private void due(Duration interval) {
    clock.advance(interval);
    server.shiftClock(interval);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDevicesTokensAreBoundToItsKey(boolean withNonce) throws Exception {
    server.requireDpopNonce(withNonce ? "n-1" : null);
    DeviceAuthorization device = client("tv", key).build().device().scope("a").begin();
    due(Duration.ofSeconds(5));

    TokenSet tokens = device.await();

    assertBound(tokens.accessToken());
    assertThat(proofIds()).hasSize(withNonce ? 2 : 1);
  }

  @Test
  void eachPollOfADeviceHasAProofOfItsOwn() throws Exception {
    server.refuseNext("authorization_pending").refuseNext("slow_down");
    DeviceAuthorization device = client("tv", key).build().device().scope("a").begin();
    for (int seconds : new int[] {5, 5, 10}) {
      due(Duration.ofSeconds(seconds));
      device.poll();
    }

    assertBound(device.await().accessToken());
    assertThat(proofIds()).hasSize(3);
  }

  /** The wish for a nonce is no decision of the user's: it neither ends the wait nor slows it. */
  @Test
  void aPollThatWantsANonceIsAnsweredAtOnceAndTheWaitGoesOn() throws Exception {
    DeviceAuthorization device = client("tv", key).build().device().scope("a").begin();
    server.answerNext(
        new MockResponse.Builder()
            .code(400)
            .addHeader("Content-Type", "application/json")
            .addHeader("DPoP-Nonce", "n-1")
            .body("{\"error\":\"use_dpop_nonce\"}")
            .build());
    server.refuseNext("authorization_pending");
    due(Duration.ofSeconds(5));

    assertThat(device.poll()).isNull();
    assertThat(server.tokenRequestCount()).isEqualTo(2);
    assertThat(device.interval()).isEqualTo(Duration.ofSeconds(5));
    due(Duration.ofSeconds(5));
    assertThat(device.poll()).isNotNull();
    assertThat(DpopProofTest.claims(proofs().get(2))).containsEntry("nonce", "n-1");
  }

  @Test
  void aDevicesRefreshTokenIsGoodWithItsKeyOnly() throws Exception {
    DeviceAuthorization device = client("tv", key).build().device().scope("a").begin();
    due(Duration.ofSeconds(5));
    TokenSet tokens = device.await();

    assertThatThrownBy(
            () -> client("tv", SigningKey.generate("ES256")).build().refresh(tokens).execute())
        .isInstanceOf(OAuthErrorException.class);
    assertBound(client("tv", key).build().refresh(tokens).execute().accessToken());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBackchannelLoginsTokensAreBound(boolean withNonce) throws Exception {
    server.requireDpopNonce(withNonce ? "n-1" : null);
    BackchannelAuthentication asked = shop().backchannel(CIBA).scope("a").loginHint("ada").begin();
    due(Duration.ofSeconds(5));

    assertBound(asked.await().accessToken());
    assertThat(proofIds()).hasSize(withNonce ? 2 : 1);
  }

  @Test
  void noProofGoesWhereNothingIsBound() throws Exception {
    shop().backchannel(CIBA).scope("a").loginHint("ada").begin();
    client("tv", key).build().device().scope("a").begin();

    assertThat(server.requests().stream().filter(it -> it.method().equals("POST")))
        .extracting(ReceivedRequest::path)
        .containsExactly("/backchannel", "/device_authorization");
    assertThat(server.requests()).allMatch(request -> request.header("DPoP") == null);
  }

  @Test
  void tokensThatHaveToBeBoundAreNotPushed() throws Exception {
    assertThatThrownBy(() -> shop().backchannel(CIBA).loginHint("ada").push().begin())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("proves the DPoP key");
    assertThat(server.requestCount("/backchannel")).isZero();

    OAuthClient lenient =
        client("shop", key)
            .clientSecret(Secret.of("s3cret"))
            .acceptBearerTokensDespiteDpop()
            .build();
    lenient.backchannel(CIBA).loginHint("ada").push().begin();
    assertThat(server.requestCount("/backchannel")).isOne();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anExchangedTokenIsBoundToTheKeyOfWhoExchanged(boolean withNonce) throws Exception {
    OAuthClient shop = shop();
    AccessToken own = shop.clientCredentials().scope("a").execute().accessToken();
    server.requireDpopNonce(withNonce ? "n-1" : null);

    ExchangedToken exchanged = shop.exchange(own.value(), ACCESS_TOKEN).execute();

    assertBound(exchanged.tokens().accessToken());
    assertThat(proofIds()).hasSize(withNonce ? 3 : 2);
  }

  @Test
  void anExchangeThatBringsABearerTokenIsRefused() throws Exception {
    OAuthClient shop = shop();
    AccessToken own = shop.clientCredentials().scope("a").execute().accessToken();
    server.tokenResponse(body -> body.put("token_type", "Bearer"));

    assertThatThrownBy(() -> shop.exchange(own.value(), ACCESS_TOKEN).execute())
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("dpop_downgrade"));
  }

  @Test
  void whatIsNoAccessTokenNeedsNoBinding() throws Exception {
    OAuthClient shop = shop();
    AccessToken own = shop.clientCredentials().scope("a").execute().accessToken();
    server.tokenResponse(
        body -> body.putAll(Map.of("token_type", "N_A", "issued_token_type", JWT)));

    ExchangedToken exchanged = shop.exchange(own.value(), ACCESS_TOKEN).execute();

    assertThat(exchanged.isAccessToken()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAssertionsTokenIsBound(boolean withNonce) throws Exception {
    server.requireDpopNonce(withNonce ? "n-1" : null);

    TokenSet tokens =
        shop().jwtBearer(SigningKey.generate("ES256"), Map.of("sub", "ada")).execute();

    assertBound(tokens.accessToken());
    assertThat(proofIds()).hasSize(withNonce ? 2 : 1);
  }
}
