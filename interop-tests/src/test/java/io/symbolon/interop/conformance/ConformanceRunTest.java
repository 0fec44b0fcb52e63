package io.symbolon.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.JWKGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLHandshakeException;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the runner makes of a suite, shown with one that stands in. */
final class ConformanceRunTest {
  private static final List<ConformancePlan> BASIC = ConformancePlan.all().subList(0, 1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private StandInSuite suite;

  @BeforeEach
  void start() throws IOException {
    suite = StandInSuite.start();
  }

  @AfterEach
  void stop() {
    suite.close();
  }

  private ConformanceReport run() throws SuiteException {
    return run(PATIENCE);
  }

  private ConformanceReport run(Duration patience) throws SuiteException {
    return new ConformanceRun(suite.settings(null), ModuleTable.ofPlans(), patience).run(BASIC);
  }

  private ConformanceReport run(ConformancePlan plan) throws SuiteException {
    return new ConformanceRun(suite.settings(null), ModuleTable.ofPlans(), PATIENCE)
        .run(List.of(plan));
  }

  /** The first of that name. */
  private static ConformancePlan plan(String name) {
    return ConformancePlan.all().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private ModuleResult only(ConformanceReport report) {
    assertThat(report.results()).hasSize(1);
    return report.results().get(0);
  }

  private static StandInSuite.Behaviour module(
      Consumer<FakeAuthorizationServer> fault, Function<FakeAuthorizationServer, String> verdict) {
    return new StandInSuite.Behaviour() {
      @Override
      public void prepare(FakeAuthorizationServer provider) {
        fault.accept(provider);
      }

      @Override
      public String judge(FakeAuthorizationServer provider) {
        return verdict.apply(provider);
      }
    };
  }

  private static String passedAtUserInfo(FakeAuthorizationServer provider) {
    return provider.requestCount("/userinfo") > 0 ? "FINISHED PASSED" : "WAITING";
  }

  /** As the suite does it: after a second without UserInfo it believes that the client refused. */
  private static String passedWithoutUserInfo(FakeAuthorizationServer provider) {
    return provider.requestCount("/userinfo") > 0 ? "FINISHED FAILED" : "FINISHED PASSED";
  }

  @Test
  void aLoginThatEndsAtUserInfoCounts() throws Exception {
    suite.module("oidcc-client-test", module(provider -> {}, ConformanceRunTest::passedAtUserInfo));

    ModuleResult result = only(run());

    assertThat(result)
        .isEqualTo(
            new ModuleResult(
                StandInSuite.PLAN, "oidcc-client-test", "PASSED", "completed", "", ""));
    assertThat(suite.calls())
        .startsWith(
            "GET plan/available",
            "POST plan",
            "POST runner",
            "GET info/oidcc-client-test",
            "GET runner/oidcc-client-test")
        .endsWith("GET info/oidcc-client-test");
  }

  @Test
  void aRefusalByTheRightCheckCounts() throws Exception {
    suite.module(
        "oidcc-client-test-invalid-iss",
        module(
            provider -> provider.idTokenClaims(claims -> claims.put("iss", "https://evil.example")),
            ConformanceRunTest::passedWithoutUserInfo));

    ModuleResult result = only(run());

    assertThat(result.counts()).isTrue();
    assertThat(result.symbolon()).isEqualTo("invalid_id_token/iss");
  }

  @Test
  void aClientThatMerelyDiedDoesNotCount() throws Exception {
    suite.module(
        "oidcc-client-test-invalid-iss",
        module(
            provider -> provider.refuseNext("invalid_grant"),
            ConformanceRunTest::passedWithoutUserInfo));

    ModuleResult result = only(run());

    assertThat(result.suite()).isEqualTo("PASSED");
    assertThat(result.complaint())
        .startsWith(
            "the suite says PASSED, but Symbolon ended in invalid_grant, "
                + "not in [invalid_id_token/iss]: ");
  }

  @Test
  void aClientThatWentOnDoesNotCount() throws Exception {
    suite.module(
        "oidcc-client-test-invalid-iss",
        module(provider -> {}, ConformanceRunTest::passedWithoutUserInfo));

    assertThat(only(run()).complaint())
        .isEqualTo("the suite says FINISHED FAILED, not [PASSED]: too bad");
  }

  @Test
  void aSignatureThatWasSkippedDoesNotCount() throws Exception {
    suite.module(
        "oidcc-client-test-invalid-sig-rs256",
        module(
            provider ->
                provider.idToken(token -> token.substring(0, token.length() - 8) + "AAAAAAAA"),
            provider -> "FINISHED SKIPPED"));

    ModuleResult result = only(run());

    assertThat(result.symbolon()).isEqualTo("invalid_id_token/signature");
    assertThat(result.complaint())
        .isEqualTo("the suite says FINISHED SKIPPED, not [PASSED]: too bad");
  }

  @Test
  void anUnsignedTokenThatWasSkippedDoesNotCountEither() throws Exception {
    suite.module(
        "oidcc-client-test-idtoken-sig-none",
        module(provider -> provider.signIdTokensWith("none"), provider -> "FINISHED SKIPPED"));

    ModuleResult result = only(run());

    assertThat(result.counts()).isFalse();
    assertThat(result.symbolon()).startsWith("invalid_id_token/");
    assertThat(result.note()).contains("never believed");
  }

  @Test
  void aModuleThatWasInterruptedDoesNotCount() throws Exception {
    suite.module("oidcc-client-test", module(provider -> {}, provider -> "INTERRUPTED UNKNOWN"));

    ModuleResult result = only(run());

    assertThat(result.suite()).isEqualTo("INTERRUPTED");
    assertThat(result.complaint())
        .isEqualTo("the suite says INTERRUPTED UNKNOWN, not [PASSED]: too bad");
  }

  @Test
  void aModuleThatTheTableDoesNotKnowIsRunAndDoesNotCount() throws Exception {
    suite.module(
        "oidcc-client-test-brand-new", module(p -> {}, ConformanceRunTest::passedAtUserInfo));

    ModuleResult result = only(run());

    assertThat(result.suite()).isEqualTo("PASSED");
    assertThat(result.symbolon()).isEqualTo("completed");
    assertThat(result.complaint()).startsWith("unknown module: it was run as a plain login");
  }

  @Test
  void modulesThatEndEarlyAreNotCarriedOn() throws Exception {
    suite
        .module(
            "oidcc-client-test-discovery-openid-config",
            module(provider -> {}, provider -> "FINISHED PASSED"))
        .module(
            "oidcc-client-test-discovery-jwks-uri-keys",
            module(provider -> {}, provider -> "FINISHED PASSED"));

    assertThat(run().failures()).isEmpty();
    assertThat(suite.provider("oidcc-client-test-discovery-openid-config").requests()).hasSize(1);
    assertThat(
            suite.provider("oidcc-client-test-discovery-jwks-uri-keys").requestCount("/userinfo"))
        .isZero();
  }

  @Test
  void aSuiteThatNeverComesToAnEndCostsItsTimeAndNoMore() throws Exception {
    suite.module("oidcc-client-test", module(provider -> {}, provider -> "WAITING"));

    ModuleResult result = only(run(Duration.ofSeconds(1)));

    assertThat(result.suite()).isEqualTo("WAITING");
    assertThat(result.complaint())
        .startsWith("the suite still says WAITING; Symbolon ended in completed");
  }

  @Test
  void aProviderThatNeverAnswersCostsItsTimeAndNoMore() throws Exception {
    suite.module(
        "oidcc-client-test",
        module(
            provider -> provider.holdNext("/userinfo"), ConformanceRunTest::passedWithoutUserInfo));

    ModuleResult result = only(run(Duration.ofSeconds(2)));

    assertThat(result.symbolon()).isEqualTo("died: too slow");
    assertThat(result.counts()).isFalse();
  }

  @Test
  void aHybridModuleIsRunWithItsResponseType() throws Exception {
    suite.module(
        "oidcc-client-test code id_token",
        module(provider -> {}, ConformanceRunTest::passedAtUserInfo));

    ModuleResult result = only(run());

    assertThat(result.counts()).isTrue();
    assertThat(result.module()).isEqualTo("oidcc-client-test (code id_token)");
    assertThat(suite.provider("oidcc-client-test").requests())
        .filteredOn(request -> request.path().equals("/authorize"))
        .allSatisfy(
            request ->
                assertThat(request.queryParameters())
                    .containsEntry("response_type", "code id_token"));
  }

  /** The metadata, the keys and the answers of the suite are odd, and right. */
  @Test
  void aProviderLikeTheOneOfTheSuiteIsUnderstood() throws Exception {
    suite.module(
        "oidcc-client-test code id_token token",
        module(ConformanceRunTest::likeTheSuite, ConformanceRunTest::passedAtUserInfo));

    assertThat(only(run()).complaint()).isEmpty();
  }

  private static void likeTheSuite(FakeAuthorizationServer provider) {
    provider.includeIss(false);
    provider.tokenResponse(response -> response.remove("expires_in"));
    provider.metadata(
        it -> {
          it.remove("authorization_response_iss_parameter_supported");
          it.remove("code_challenge_methods_supported");
          it.put("grant_types_supported", List.of("authorization_code", "implicit"));
          it.put(
              "response_types_supported", List.of("code", "id_token code", "token code id_token"));
          it.put("token_endpoint_auth_methods_supported", List.of("client_secret_basic"));
          it.put(
              "id_token_signing_alg_values_supported",
              List.of("none", "RS256", "PS256", "ES256", "ES256K", "EdDSA", "Ed25519"));
        });
    provider.jwks(
        jwks -> {
          List<Object> keys = new ArrayList<>();
          keys.add(
              Map.of(
                  "kty", "EC", "crv", "secp256k1", "use", "sig", "kid", "k", "x", "AQ", "y", "Ag"));
          keys.add(Map.of("kty", "AKP", "alg", "ML-DSA-1", "kid", "pq", "pub", "AQ"));
          keys.add(
              Map.of(
                  "kty",
                  "RSA",
                  "use",
                  "enc",
                  "alg",
                  "RSA-OAEP",
                  "kid",
                  "e",
                  "n",
                  "AQ",
                  "e",
                  "AQAB"));
          keys.addAll((List<?>) jwks.get("keys"));
          jwks.put("keys", keys);
        });
  }

  @Test
  void everyPlanNamesTheVariantsThatTheSuiteLeavesOpen() {
    ConformanceSuite api = new ConformanceSuite(suite.settings(null), PATIENCE);

    assertThat(ConformancePlan.all())
        .filteredOn(plan -> plan.name().startsWith("oidcc-"))
        .hasSize(13)
        .allSatisfy(
            plan -> {
              Map<String, Object> configuration =
                  new ClientConfiguration().forPlan(plan.part(), "http://127.0.0.1/logout");
              assertThat(api.createPlan(plan.name(), plan.variant(), configuration).id())
                  .isEqualTo("plan1");
            });
  }

  @Test
  void aPlanThatCannotBeMadeIsALineWithTheWordsOfTheSuite() throws Exception {
    ConformancePlan plan =
        new ConformancePlan(StandInSuite.PLAN, Map.of(), ClientConfiguration.Part.PLAIN);

    assertThat(only(run(plan)).complaint())
        .contains("answered POST /api/plan with HTTP status 500: a value is required for");
  }

  @Test
  void aSuiteThatCannotKeepAQuestionIsAskedAgain() throws Exception {
    AtomicInteger questions = new AtomicInteger();
    suite
        .withoutWaitState()
        .module(
            "oidcc-client-test",
            module(
                provider -> {},
                provider -> questions.incrementAndGet() < 3 ? "WAITING" : "FINISHED PASSED"));

    assertThat(only(run()).counts()).isTrue();
    assertThat(questions).hasValueGreaterThanOrEqualTo(3);
  }

  /** Longer than an HTTP client waits by itself. */
  @Test
  void theSuiteMayKeepAQuestionForHalfAMinute() {
    assertThat(new ConformanceSuite(suite.settings(null), PATIENCE).longestAnswer())
        .isGreaterThan(Duration.ofSeconds(30));
  }

  /** Plans in which every request must be fetched say so for all of their modules. */
  @Test
  void aLoginOfADynamicPlanIsFetchedByTheSuite() throws Exception {
    AtomicReference<SignedJWT> fetched = new AtomicReference<>();
    suite.module(
        "oidcc-client-test-signing-key-rotation",
        module(
            provider ->
                provider.endpoint(
                    "/authorize",
                    request -> {
                      fetched.set(fetch(request.queryParameters().get("request_uri")));
                      return redirect(
                          ClientConfiguration.REDIRECT_URI,
                          "error=access_denied&state="
                              + claim(fetched.get(), "state")
                              + "&iss="
                              + provider.issuer());
                    }),
            provider -> "FINISHED PASSED"),
        "response_type",
        "code",
        "client_registration",
        "dynamic_client",
        "request_type",
        "request_uri");

    assertThat(only(run(plan("oidcc-client-dynamic-certification-test-plan"))).symbolon())
        .isEqualTo("access_denied");
    Map<String, Object> registered =
        JSONObjectUtils.parse(
            suite.provider("oidcc-client-test-signing-key-rotation").requests().stream()
                .filter(request -> request.path().equals("/register"))
                .findFirst()
                .orElseThrow()
                .body());
    assertThat(registered).containsEntry("request_object_signing_alg", "RS256");
    assertThat(fetched.get().getJWTClaimsSet().getStringClaim("redirect_uri"))
        .isEqualTo(ClientConfiguration.REDIRECT_URI);
    JWKSet keys = JWKSet.parse(JSONObjectUtils.getJSONObject(registered, "jwks"));
    assertThat(fetched.get().verify(new RSASSAVerifier(keys.getKeys().get(0).toRSAKey()))).isTrue();
  }

  private static String claim(SignedJWT jwt, String name) {
    try {
      return jwt.getJWTClaimsSet().getStringClaim(name);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private SignedJWT fetch(String url) {
    try (Response response =
        suite.settings(null).http().newCall(new Request.Builder().url(url).build()).execute()) {
      return SignedJWT.parse(response.body().string());
    } catch (IOException | ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static MockResponse redirect(String to, String query) {
    return new MockResponse.Builder().code(303).setHeader("Location", to + "?" + query).build();
  }

  /** The suite stops a module at a registration for a client that its configuration names. */
  @Test
  void aClientOfTheConfigurationIsNotRegistered() throws Exception {
    suite.module(
        "oidcc-client-test-userinfo-signed",
        module(provider -> {}, ConformanceRunTest::passedAtUserInfo));

    run(plan("oidcc-client-test-plan"));

    assertThat(suite.provider("oidcc-client-test-userinfo-signed").requests())
        .extracting(ReceivedRequest::path)
        .contains("/userinfo")
        .doesNotContain("/register");
  }

  /** What the suite sends is neither signed nor in anybody's name. */
  @Test
  void aClaimThatNobodyVouchesForIsRefused() throws Exception {
    String unsigned =
        new PlainJWT(new JWTClaimsSet.Builder().claim("address", "Hollywood").build()).serialize();
    suite.module(
        "oidcc-client-test-aggregated-claims",
        module(
            provider ->
                provider.userInfoClaims(
                    info -> {
                      info.put("_claim_names", Map.of("address", "src1"));
                      info.put("_claim_sources", Map.of("src1", Map.of("JWT", unsigned)));
                    }),
            ConformanceRunTest::passedAtUserInfo));

    ModuleResult result = only(run());

    assertThat(result.symbolon()).isEqualTo("invalid_claim");
    assertThat(result.counts()).isTrue();
  }

  @Test
  void aPlanForCertificatesHasOneModuleForASecret() throws Exception {
    ConformancePlan plan =
        ConformancePlan.all().stream()
            .filter(it -> it.part() == ClientConfiguration.Part.CERTIFICATE)
            .findFirst()
            .orElseThrow();
    suite
        .module("oidcc-client-test", module(p -> {}, ConformanceRunTest::passedWithoutUserInfo))
        .module(
            "oidcc-client-test-client-secret-basic",
            module(p -> {}, ConformanceRunTest::passedAtUserInfo));

    ConformanceReport report = run(plan);

    assertThat(suite.client("tls_client_auth_subject_dn")).isEqualTo("CN=symbolon-conformance");
    assertThat(suite.provider("oidcc-client-test").lastTokenRequest().clientAuthentication())
        .isEqualTo("none");
    assertThat(report.results().get(1).counts()).isTrue();
  }

  /** Every plan with a logout at the back channel or none in particular has the back channel. */
  @ParameterizedTest
  @CsvSource({
    "oidcc-client-rp-initiated-logout-rp-basic, oidcc-client-test-rp-init-logout",
    "oidcc-client-back-channel-logout-rp-basic, oidcc-client-test-rp-backchannel-rpinitlogout",
  })
  void aLogoutIsToldByTheBackChannel(String plan, String module) throws Exception {
    Logout logout = new Logout(JWSAlgorithm.RS256, suite);
    suite.module(module, logout);

    ModuleResult result = only(run(plan(plan)));

    assertThat(result.complaint()).isEmpty();
    assertThat(logout.status).hasValue(200);
  }

  @Test
  void theWayBackFromALogoutIsChecked() throws Exception {
    Logout logout = new Logout(JWSAlgorithm.RS256, suite);
    logout.state = "another";
    suite.module("oidcc-client-test-rp-init-logout-other-state", logout);

    ModuleResult result = only(run(plan("oidcc-client-rp-initiated-logout-rp-basic")));

    assertThat(result.symbolon()).isEqualTo("state_mismatch");
    assertThat(result.counts()).isTrue();
    assertThat(logout.status).hasValue(200);
  }

  /** The suite signs with a key that it publishes and an algorithm that it announces. */
  @Test
  void aLogoutTokenWithAnotherAlgorithmThanTheRegisteredIsA400() throws Exception {
    Logout logout = new Logout(JWSAlgorithm.ES256, suite);
    suite.module("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg", logout);

    ModuleResult result = only(run(plan("oidcc-client-back-channel-logout-rp-basic")));

    assertThat(result.symbolon()).isEqualTo("invalid_logout_token");
    assertThat(result.counts()).isTrue();
    assertThat(logout.status).hasValue(400);
  }

  @Test
  void theModuleWithTheIssuerOfSomebodyElseIsKnown() {
    assertThat(ModuleTable.ofPlans().of("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss"))
        .isNotNull();
  }

  /** The suite names the session to the iframe only for a client that demands it. */
  @Test
  void anIframeNamesTheSession() throws Exception {
    suite.module(
        "oidcc-client-test-rp-frontchannel-rpinitlogout",
        module(
            provider -> {
              provider.idTokenClaims(claims -> claims.put("sid", "session-1"));
              provider.metadata(
                  it -> it.put("end_session_endpoint", provider.url("/end_session_endpoint")));
              provider.endpoint("/end_session_endpoint", request -> iframePage(provider, request));
              provider.endpoint("/frontchannel_logout_callback", request -> ok("{}"));
            },
            provider ->
                provider.requestCount("/frontchannel_logout_callback") > 0
                    ? "FINISHED REVIEW"
                    : "WAITING"));

    ModuleResult result = only(run(plan("oidcc-client-front-channel-logout-rp-basic")));

    assertThat(result.complaint()).isEmpty();
    assertThat(result.suite()).isEqualTo("REVIEW");
  }

  private MockResponse iframePage(FakeAuthorizationServer provider, ReceivedRequest request) {
    String iframe = String.valueOf(suite.client("frontchannel_logout_uri"));
    if (Boolean.TRUE.equals(suite.client("frontchannel_logout_session_required"))) {
      iframe += "?iss=" + provider.issuer() + "&amp;sid=session-1";
    }
    return ok(
        """
        <script>
          let url = '%s';
          window.location.href='%s?state=%s';
          iframe.src = '%s';
        </script>"""
            .formatted(
                provider.url("/frontchannel_logout_callback"),
                request.queryParameters().get("post_logout_redirect_uri"),
                request.queryParameters().get("state"),
                iframe.replace("/", "\\/")));
  }

  private static MockResponse ok(String body) {
    return new MockResponse.Builder().body(body).build();
  }

  /** A provider that tells the client of a logout, and then sends the browser back. */
  private static final class Logout implements StandInSuite.Behaviour {
    private final JWSAlgorithm algorithm;
    private final StandInSuite suite;
    private final AtomicInteger status = new AtomicInteger();
    private final RSAKey rsa = newKey(new RSAKeyGenerator(2048).keyID("rsa")).toRSAKey();
    private final ECKey ec = newKey(new ECKeyGenerator(Curve.P_256).keyID("ec")).toECKey();
    private String state;

    Logout(JWSAlgorithm algorithm, StandInSuite suite) {
      this.algorithm = algorithm;
      this.suite = suite;
    }

    private static JWK newKey(JWKGenerator<? extends JWK> generator) {
      try {
        return generator.generate();
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void prepare(FakeAuthorizationServer provider) {
      provider.idTokenClaims(claims -> claims.put("sid", "session-1"));
      provider.jwks(this::publish);
      provider.metadata(
          it -> {
            it.put("end_session_endpoint", provider.url("/end_session_endpoint"));
            it.put("id_token_signing_alg_values_supported", List.of("none", "RS256", "ES256"));
          });
      provider.endpoint("/end_session_endpoint", request -> end(provider, request));
    }

    private void publish(Map<String, Object> jwks) {
      List<Object> keys = new ArrayList<>((List<?>) jwks.get("keys"));
      keys.add(rsa.toPublicJWK().toJSONObject());
      keys.add(ec.toPublicJWK().toJSONObject());
      jwks.put("keys", keys);
    }

    private MockResponse end(FakeAuthorizationServer provider, ReceivedRequest request) {
      status.set(post(suite.backChannel(), "logout_token=" + token(provider)));
      Map<String, String> query = request.queryParameters();
      return redirect(
          query.get("post_logout_redirect_uri"),
          "state=" + (state == null ? query.get("state") : state));
    }

    private String token(FakeAuthorizationServer provider) {
      boolean elliptic = algorithm.equals(JWSAlgorithm.ES256);
      Instant now = Instant.now();
      JWTClaimsSet claims =
          new JWTClaimsSet.Builder()
              .issuer(provider.issuer())
              .audience(String.valueOf(suite.client("client_id")))
              .jwtID("1")
              .claim("sid", "session-1")
              .claim(
                  "events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()))
              .issueTime(Date.from(now))
              .expirationTime(Date.from(now.plusSeconds(120)))
              .build();
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(algorithm).keyID(elliptic ? "ec" : "rsa").build(), claims);
      try {
        token.sign(elliptic ? new ECDSASigner(ec) : new RSASSASigner(rsa));
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
      return token.serialize();
    }

    @Override
    public String judge(FakeAuthorizationServer provider) {
      return provider.requestCount("/end_session_endpoint") > 0 ? "FINISHED PASSED" : "WAITING";
    }
  }

  private static int post(String url, String form) {
    Request request =
        new Request.Builder()
            .url(url)
            .post(RequestBody.create(form, MediaType.get("application/x-www-form-urlencoded")))
            .build();
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      return response.code();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The suite wants the browser to go after it has answered the registration. */
  @Test
  void aLoginThatTheSuiteBeginsStartsWithItsBrowser() throws Exception {
    suite.module(
        "oidcc-client-test-3rd-party-init-login",
        module(provider -> {}, ConformanceRunTest::passedAtUserInfo));

    assertThat(only(run(plan("oidcc-client-test-3rd-party-init-login-test-plan"))).counts())
        .isTrue();
    assertThat(suite.calls())
        .containsSubsequence(
            "GET runner/browser/oidcc-client-test-3rd-party-init-login",
            "GET runner/browser/oidcc-client-test-3rd-party-init-login",
            "POST runner/browser/oidcc-client-test-3rd-party-init-login/visit");
    assertThat(suite.provider("oidcc-client-test-3rd-party-init-login").requests())
        .filteredOn(request -> request.path().equals("/register"))
        .singleElement()
        .extracting(ReceivedRequest::body)
        .asString()
        .contains("\"initiate_login_uri\":\"" + ClientConfiguration.INITIATE_LOGIN_URI + "\"");
  }

  @Test
  void aRegistrationIsNotCarriedOn() throws Exception {
    suite.module(
        "oidcc-client-test-dynamic-registration",
        module(provider -> {}, provider -> "FINISHED PASSED"));

    assertThat(only(run()).counts()).isTrue();
    assertThat(suite.provider("oidcc-client-test-dynamic-registration").requests())
        .extracting(Object::toString)
        .hasSize(2)
        .last()
        .asString()
        .startsWith("POST /register");
  }

  @Test
  void aPlanThatTheSuiteLacksIsALineOfItsOwn() throws Exception {
    suite.module("oidcc-client-test", module(provider -> {}, ConformanceRunTest::passedAtUserInfo));

    ConformancePlan other =
        new ConformancePlan("another-plan", Map.of(), ClientConfiguration.Part.PLAIN);
    ConformanceReport report =
        new ConformanceRun(suite.settings(null), ModuleTable.ofPlans(), PATIENCE)
            .run(List.of(BASIC.get(0), other));

    assertThat(report.results()).hasSize(2);
    assertThat(report.results().get(1).complaint()).isEqualTo("this suite has no such plan");
  }

  @Test
  void theTokenOfTheApiIsSentAndNeverShown() throws Exception {
    suite
        .demandToken("api-token")
        .module("oidcc-client-test", module(p -> {}, ConformanceRunTest::passedAtUserInfo));

    SuiteSettings settings = suite.settings("api-token");
    ConformanceReport report =
        new ConformanceRun(settings, ModuleTable.ofPlans(), PATIENCE).run(BASIC);

    assertThat(only(report).counts()).isTrue();
    assertThat(settings.toString()).doesNotContain("api-token");
    assertThatThrownBy(this::run)
        .isInstanceOf(SuiteException.class)
        .hasMessageEndingWith("HTTP status 401; name an API token with -Dconformance.token");
  }

  @Test
  void aSuiteThatIsNotThereIsOneSentence() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    HttpUrl url = HttpUrl.get("https://localhost:" + port + "/");

    assertThatThrownBy(
            () ->
                new ConformanceRun(new SuiteSettings(url, null), ModuleTable.ofPlans(), PATIENCE)
                    .run(BASIC))
        .isInstanceOf(SuiteException.class)
        .hasMessageMatching("the conformance suite at " + url + " does not answer: [^\n]+");
  }

  /** A self-signed certificate is no certificate anywhere else. */
  @Test
  void aStrangersCertificateIsNotExcused() {
    HttpUrl elsewhere = suite.settings(null).url().newBuilder().host("suite.example").build();
    OkHttpClient http =
        new SuiteSettings(elsewhere, null)
            .http()
            .newBuilder()
            .dns(host -> List.of(InetAddress.getLoopbackAddress()))
            .build();

    assertThatThrownBy(() -> http.newCall(new Request.Builder().url(elsewhere).build()).execute())
        .isInstanceOf(SSLHandshakeException.class);
  }

  /** The suite is at a port of its own, and an account can name none. */
  @ParameterizedTest
  @ValueSource(strings = {"acct", "url"})
  void aSuiteAtHomeIsFoundByWebFinger(String kind) throws Exception {
    String module = "oidcc-client-test-discovery-webfinger-" + kind;
    suite.module(module, module(provider -> {}, provider -> "FINISHED PASSED"));

    assertThat(only(run()).counts()).isTrue();
  }

  /** By no DNS, and without an entry in the table of hosts. */
  @Test
  void aSuiteAtHomeMayGoByItsOwnName() throws Exception {
    HttpUrl home = suite.settings(null).url().newBuilder().host(SuiteSettings.HOME).build();
    suite.module("oidcc-client-test", module(provider -> {}, ConformanceRunTest::passedAtUserInfo));

    ConformanceReport report =
        new ConformanceRun(new SuiteSettings(home, null), ModuleTable.ofPlans(), PATIENCE)
            .run(BASIC);

    assertThat(only(report).counts()).isTrue();
  }

  @Test
  void theTableIsForPeople() throws Exception {
    suite
        .module("oidcc-client-test", module(provider -> {}, ConformanceRunTest::passedAtUserInfo))
        .module(
            "oidcc-client-test-brand-new", module(p -> {}, ConformanceRunTest::passedAtUserInfo));

    assertThat(run().toString().lines().map(String::stripTrailing))
        .containsExactly(
            "",
            StandInSuite.PLAN,
            "     module                       suite        Symbolon",
            "ok   oidcc-client-test            PASSED       completed",
            "FAIL oidcc-client-test-brand-new  PASSED       completed",
            "",
            "2 modules, 1 count, 1 do not",
            "- oidcc-client-test-brand-new: unknown module: it was run as a plain login, and nobody"
                + " knows how that should end");
  }
}
