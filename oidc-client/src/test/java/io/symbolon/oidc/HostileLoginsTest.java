package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.AuthorizationRequest;
import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.DecryptionKey;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What whole logins and renewals make of hostile ID tokens, key sets and token responses. */
class HostileLoginsTest {
  private static final HostileCases TOKEN_RESPONSES = HostileCases.of("token_responses");
  private static final HostileCases METADATA = HostileCases.of("discovery_jwks");

  private final TestClock clock = TestClock.at(Instant.ofEpochSecond(HostileIdTokens.NOW));
  private final List<String> secrets = new ArrayList<>();
  private ExampleSite site;
  private PendingLogin lastLogin;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
    site.answer(
        "/.well-known/openid-configuration", METADATA.named("META-OK-01").response().mock());
    site.answer("/jwks.json", HostileJson.text(HostileKeys.set("default")));
  }

  @AfterEach
  void stop() {
    site.close();
  }

  /** Tokens of a hybrid flow, and neighbours, are judged by the verifier's own suite. */
  static Stream<HostileCase> logins() {
    return cases()
        .filter(c -> c.context("replay") == null && c.context("original") == null)
        .filter(c -> c.context("front_channel_id_token") == null);
  }

  static Stream<HostileCase> replays() {
    return cases().filter(c -> c.context("replay") != null);
  }

  static Stream<HostileCase> renewals() {
    return cases().filter(c -> c.context("original") != null);
  }

  private static Stream<HostileCase> cases() {
    return HostileIdTokens.CASES
        .toRun()
        .filter(c -> c.isContext("issuer", ExampleSite.ISSUER) && !c.isNeighbour());
  }

  static Stream<HostileCase> tokenResponses() {
    return TOKEN_RESPONSES.toRun().filter(c -> c.isContext("openid", true));
  }

  static Stream<HostileCase> keySets() {
    return METADATA
        .toRun()
        .filter(c -> isKeySet(c) && c.context("cached") == null && !c.isNeighbour());
  }

  static Stream<HostileCase> rotations() {
    return METADATA.toRun().filter(c -> isKeySet(c) && c.context("cached") != null);
  }

  private static boolean isKeySet(HostileCase hostile) {
    return hostile.id().startsWith("META-JWKS");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("logins")
  void aLoginEndsWithAVerifiedTokenOrNotAtAll(HostileCase hostile) throws Exception {
    answerWith(hostile);
    OidcClient oidc = client(hostile);
    PendingLogin login = begin(oidc, hostile);

    Attempt<OidcTokens> attempt = Attempt.at(() -> oidc.complete(login, response(login)));

    assertVerdict(hostile, attempt);
    assertThat(site.requests("/token")).hasSize(1);
    assertThat(site.requests("/jwks.json")).hasSizeLessThanOrEqualTo(1);
    assertThat(site.contacts()).containsExactly(ExampleSite.HOST);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("renewals")
  void aRenewalIsAboutTheSameLoginOrDropped(HostileCase hostile) throws Exception {
    OidcClient oidc = client(hostile);
    OidcTokens before = tokens(oidc, HostileIdTokens.original(hostile));
    answerWith(hostile);

    assertVerdict(hostile, Attempt.at(() -> oidc.refresh(before)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("replays")
  void aTokenThatIsShownTwiceLogsNobodyInAgain(HostileCase hostile) throws Exception {
    answerWith(hostile);
    OidcClient oidc = client(hostile);
    PendingLogin login = begin(oidc, hostile);
    oidc.complete(login, response(login));

    Attempt<OidcTokens> again = Attempt.at(() -> oidc.complete(login, response(login)));
    Attempt<OidcTokens> elsewhere = Attempt.at(() -> complete(oidc, oidc.login()));

    assertThat(again.refusal(InvalidResponseException.class).code()).isEqualTo("login_spent");
    assertThat(elsewhere.refusal(IdTokenException.class).check()).isEqualTo("nonce");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tokenResponses")
  void aLoginWithoutIdTokenIsNone(HostileCase hostile) throws Exception {
    site.answer("/token", hostile.response().mock());
    OidcClient oidc = client(HostileIdTokens.CASES.named("IDT-OK-01"));

    Attempt<OidcTokens> attempt = Attempt.at(() -> complete(oidc, oidc.login()));

    hostile.response().secrets().forEach(secrets::add);
    attempt.hides(secrets);
    assertThat(attempt.refusal(InvalidResponseException.class).code())
        .isEqualTo(hostile.outcomeKind());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keySets")
  void aLoginNeedsAUsableKey(HostileCase hostile) throws Exception {
    HostileCase genuine = HostileIdTokens.CASES.named("IDT-OK-01");
    List<?> usable = hostile.list("usable_kids");
    Object keyId = usable == null ? "rs1" : usable.get(usable.size() - 1);
    answerWith(genuine, signedBy(keyId));
    OidcClient oidc = client(genuine);
    site.answer("/jwks.json", hostile.response().mock());
    PendingLogin login = begin(oidc, genuine);

    Attempt<OidcTokens> attempt = Attempt.at(() -> oidc.complete(login, response(login)));

    attempt.hides(secrets);
    if (hostile.isAccepted()) {
      assertThat(attempt.value().idToken().subject()).isEqualTo("24400320");
    } else {
      assertThat(attempt.refusal(InvalidResponseException.class).code())
          .isEqualTo(hostile.text("error"));
    }
    assertThat(site.contacts()).containsExactly(ExampleSite.HOST);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rotations")
  void aBadKeySetLeavesTheOldKeysInForce(HostileCase hostile) throws Exception {
    HostileCase genuine = HostileIdTokens.CASES.named("IDT-OK-01");
    HostileCase unknownKey = HostileIdTokens.CASES.named("IDT-SIG-11");
    OidcClient oidc = client(genuine);
    answerWith(genuine);
    oidc.complete(begin(oidc, genuine), response(lastLogin));
    site.answer("/jwks.json", hostile.response().mock());

    answerWith(unknownKey);
    Attempt.at(() -> oidc.complete(begin(oidc, unknownKey), response(lastLogin)))
        .hides(secrets)
        .refusal(IdTokenException.class);
    answerWith(genuine);
    PendingLogin login = begin(oidc, genuine);

    assertThat(Attempt.at(() -> oidc.complete(login, response(login))).value()).isNotNull();
    assertThat(site.requests("/jwks.json")).hasSize(2);
  }

  @Test
  void noneIsRefusedEvenWhereTheServerAnnouncesIt() throws Exception {
    HostileCase announced = METADATA.named("META-PKCE-08");
    HostileCase unsigned = HostileIdTokens.CASES.named("IDT-ALG-07");
    site.answer("/.well-known/openid-configuration", announced.response().mock());
    answerWith(unsigned);
    OidcClient oidc = builder(unsigned).build();
    PendingLogin login = begin(oidc, unsigned);

    Attempt<OidcTokens> attempt = Attempt.at(() -> oidc.complete(login, response(login)));

    assertThat(attempt.refusal(IdTokenException.class).check()).isEqualTo("alg");
  }

  private void assertVerdict(HostileCase hostile, Attempt<OidcTokens> attempt) throws Exception {
    attempt.hides(HostileIdTokens.secrets(hostile)).hides(secrets);
    if (hostile.isAccepted()) {
      if (HostileIdTokens.decryptionKeys(hostile).isEmpty()) { // else it is the signed one inside
        assertThat(attempt.value().idToken().serialized().reveal())
            .isEqualTo(HostileIdTokens.token(hostile));
      }
      assertThat(attempt.value().idToken().subject())
          .isEqualTo(attempt.value().idToken().claim("sub"));
    } else {
      assertThat(attempt.refusal(InvalidResponseException.class).code())
          .isIn("invalid_id_token", "invalid_jwks");
    }
  }

  private void answerWith(HostileCase hostile) throws Exception {
    answerWith(hostile, HostileIdTokens.token(hostile));
  }

  private void answerWith(HostileCase hostile, String idToken) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("access_token", HostileIdTokens.accessToken(hostile));
    answer.put("token_type", "Bearer");
    answer.put("refresh_token", HostileIdTokens.REFRESH_TOKEN);
    answer.put("id_token", idToken);
    site.answer("/token", HostileJson.text(answer));
  }

  private static String signedBy(Object keyId) throws Exception {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", "RS256");
    if (keyId != null) {
      header.put("kid", keyId);
    }
    String genuine = HostileIdTokens.token(HostileIdTokens.CASES.named("IDT-OK-01"));
    String payload = genuine.split("\\.")[1];
    return HostileKeys.signed(
        HostileJson.text(header),
        new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
  }

  private OidcClient client(HostileCase hostile) {
    Set<String> algorithms = HostileIdTokens.texts(hostile, "allowed_algs");
    String first = algorithms.iterator().next();
    String[] others = algorithms.stream().skip(1).toArray(String[]::new);
    return decrypting(builder(hostile), hostile).idTokenAlgorithms(first, others).build();
  }

  private static OidcClient.Builder decrypting(OidcClient.Builder builder, HostileCase hostile) {
    List<DecryptionKey> keys = HostileIdTokens.decryptionKeys(hostile);
    if (keys.isEmpty()) {
      return builder;
    }
    Set<String> encryptions = HostileIdTokens.encryptions(hostile);
    return builder
        .idTokenDecryption(keys.get(0), keys.stream().skip(1).toArray(DecryptionKey[]::new))
        .contentEncryption(
            encryptions.iterator().next(), encryptions.stream().skip(1).toArray(String[]::new));
  }

  private OidcClient.Builder builder(HostileCase hostile) {
    site.answer("/jwks.json", HostileJson.text(HostileKeys.set(hostile.contextText("jwks"))));
    OidcClient.Builder builder =
        OidcClient.builder()
            .issuer(ExampleSite.ISSUER)
            .clientId(HostileIdTokens.CLIENT_ID)
            .trustedAudiences(
                HostileIdTokens.texts(hostile, "trusted_audiences").toArray(new String[0]))
            .clockLeeway(Duration.ofSeconds((Long) hostile.context("leeway")))
            .httpClient(site.http())
            .clock(clock);
    Secret clientSecret = HostileIdTokens.clientSecret(hostile);
    return clientSecret == null ? builder : builder.clientSecret(clientSecret);
  }

  /** A login with the nonce of the case instead of a random one. */
  private PendingLogin begin(OidcClient oidc, HostileCase hostile) throws IOException {
    AuthorizationRequest request =
        oidc.oauth().authorize().redirectUri("https://client.example.org/cb").scope("openid");
    if (hostile.context("nonce_sent") != null) {
      request.attach(LoginRequest.NONCE, hostile.contextText("nonce_sent"));
    }
    if (hostile.context("max_age") != null) {
      request.attach(LoginRequest.MAX_AGE, hostile.context("max_age").toString());
    }
    if (hostile.context("acr_essential") != null) {
      request.attach(
          LoginRequest.ACR, String.join("\n", HostileIdTokens.texts(hostile, "acr_essential")));
    }
    return noted(new PendingLogin(request.begin()));
  }

  private OidcTokens complete(OidcClient oidc, LoginRequest request) throws IOException {
    PendingLogin login = noted(request.redirectUri("https://client.example.org/cb").begin());
    secrets.add(login.attachment(LoginRequest.NONCE));
    return oidc.complete(login, response(login));
  }

  private PendingLogin noted(PendingLogin login) {
    lastLogin = login;
    secrets.add(login.state().reveal());
    return login;
  }

  private static AuthorizationResponse response(PendingLogin login) {
    return AuthorizationResponse.ofQuery(
        "iss=https%3A%2F%2Fas.example.com&code="
            + HostileIdTokens.CODE
            + "&state="
            + login.state().reveal());
  }

  private OidcTokens tokens(OidcClient oidc, IdToken idToken) throws IOException {
    site.answer(
        "/token",
        "{\"access_token\":\"AT-before\",\"token_type\":\"Bearer\",\"refresh_token\":\"RT-before\"}");
    secrets.addAll(List.of("AT-before", "RT-before"));
    return new OidcTokens(idToken, oidc.oauth().clientCredentials().execute());
  }
}
