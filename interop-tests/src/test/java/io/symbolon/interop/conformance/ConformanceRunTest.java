package io.symbolon.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

    assertThat(only(run()).counts()).isTrue();
    assertThat(suite.provider("oidcc-client-test").requests())
        .filteredOn(request -> request.path().equals("/authorize"))
        .allSatisfy(
            request ->
                assertThat(request.queryParameters())
                    .containsEntry("response_type", "code id_token"));
  }

  /** The suite tells the client while the browser waits, and a bad logout token is a 400. */
  @Test
  void aLogoutIsToldByTheBackChannel() throws Exception {
    AtomicInteger status = new AtomicInteger();
    suite.module(
        "oidcc-client-test-rp-backchannel-rpinitlogout-alg-none",
        module(
            provider -> {
              provider.metadata(
                  it -> it.put("end_session_endpoint", provider.url("/end_session_endpoint")));
              provider.endpoint(
                  "/end_session_endpoint",
                  request -> {
                    status.set(post(suite.backChannel(), "logout_token=e30.e30."));
                    return new MockResponse.Builder()
                        .code(302)
                        .setHeader(
                            "Location",
                            request.queryParameters().get("post_logout_redirect_uri")
                                + "?state="
                                + request.queryParameters().get("state"))
                        .build();
                  });
            },
            provider ->
                provider.requestCount("/end_session_endpoint") > 0
                    ? "FINISHED PASSED"
                    : "WAITING"));
    ConformancePlan plan =
        ConformancePlan.all().stream()
            .filter(it -> it.name().equals(StandInSuite.LOGOUT_PLAN))
            .findFirst()
            .orElseThrow();

    ModuleResult result =
        only(
            new ConformanceRun(suite.settings(null), ModuleTable.ofPlans(), PATIENCE)
                .run(List.of(plan)));

    assertThat(result.symbolon()).isEqualTo("invalid_logout_token");
    assertThat(result.counts()).isTrue();
    assertThat(status).hasValue(400);
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

  @Test
  void aLoginThatTheSuiteBeginsStartsWithItsBrowser() throws Exception {
    suite.module(
        "oidcc-client-test-3rd-party-init-login",
        module(provider -> {}, ConformanceRunTest::passedAtUserInfo));

    assertThat(only(run()).counts()).isTrue();
    assertThat(suite.calls())
        .contains(
            "GET runner/browser/oidcc-client-test-3rd-party-init-login",
            "POST runner/browser/oidcc-client-test-3rd-party-init-login/visit");
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

    ConformanceReport report =
        new ConformanceRun(suite.settings(null), ModuleTable.ofPlans(), PATIENCE)
            .run(ConformancePlan.all().subList(0, 2));

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
