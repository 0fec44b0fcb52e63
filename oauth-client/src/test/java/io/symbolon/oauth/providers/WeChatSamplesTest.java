package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What WeChat was seen to answer beside tokens and user information. */
class WeChatSamplesTest {
  private static final Secret SECRET = Secret.of("the-app-secret");
  private static final Secret CODE = Secret.of("the-js-code");
  private static final TokenSource APP_TOKEN =
      () -> AccessToken.bearer(Secret.of("the-app-token"), Instant.EPOCH, null);

  private final MockWebServer server = new MockWebServer();
  private OkHttpClient http;

  @BeforeEach
  void start() throws IOException {
    server.start();
    http = ProviderSample.everywhere(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<ProviderSample> sessions() {
    return of("code2session");
  }

  static Stream<ProviderSample> refusedSessions() {
    return of("code2session-error");
  }

  static Stream<ProviderSample> calls() {
    return Stream.concat(of("api"), of("validity-check"))
        .filter(sample -> sample.expected().get("call") != null);
  }

  static Stream<ProviderSample> checks() {
    return of("validity-check").filter(sample -> sample.expected().get("call") == null);
  }

  private static Stream<ProviderSample> of(String kind) {
    return ProviderSample.all()
        .filter(sample -> sample.folder().equals("wechat") && sample.kind().equals(kind));
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void aMiniProgramLearnsWhoUsesIt(ProviderSample sample) throws Exception {
    server.enqueue(sample.answer());

    WeChatMiniProgram.Session session = mini("wx1").session(CODE);

    assertThat(session.user().subject()).isEqualTo(sample.expected().get("subject"));
    assertThat(session.user().issuer()).isEqualTo(sample.expected().get("issuer"));
    assertThat(session.key().reveal()).isEqualTo(sample.expected().get("sessionKey"));
    assertThat(session.user().claims()).doesNotContainKey("session_key");
    assertThat(session.toString()).doesNotContain("FAKE4H1rqRrcpaBVKepXAA==");
    assertThat(server.takeRequest().getTarget())
        .isEqualTo(
            "/sns/jscode2session?appid=wx1&secret=the-app-secret&js_code=the-js-code"
                + "&grant_type=authorization_code");
  }

  @ParameterizedTest
  @MethodSource("refusedSessions")
  void aRefusedCodeEndsInOneOfTheThreeReactions(ProviderSample sample) {
    server.enqueue(sample.answer());

    OAuthErrorException refusal =
        catchThrowableOfType(OAuthErrorException.class, () -> mini("wx1").session(CODE));

    assertThat(refusal.error()).isEqualTo(sample.expected().get("outcome"));
    if (sample.expected().get("description") != null) {
      assertThat(refusal.description()).isEqualTo(sample.expected().get("description"));
    }
    assertThat(refusal + " " + refusal.verdict()).doesNotContain(SECRET.reveal(), CODE.reveal());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void theMiniProgramItselfAsks(ProviderSample sample) throws Exception {
    server.enqueue(sample.answer());
    String call = (String) sample.expected().get("call");
    switch (call) {
      case "phoneNumber" -> phoneNumber();
      case "isCurrent" -> isCurrent();
      case "reset" -> reset((String) sample.expected().get("sessionKey"));
      default -> throw new AssertionError(call);
    }
  }

  private void phoneNumber() throws Exception {
    Map<String, Object> phone = mini("xxxx").phoneNumber(CODE, APP_TOKEN);

    assertThat(phone).containsEntry("phoneNumber", "xxxxxx").containsEntry("countryCode", 86L);
    var request = server.takeRequest();
    assertThat(request.getMethod() + " " + request.getTarget())
        .isEqualTo("POST /wxa/business/getuserphonenumber?access_token=the-app-token");
    assertThat(request.getBody().utf8()).isEqualTo("{\"code\":\"the-js-code\"}");
  }

  private void isCurrent() throws Exception {
    assertThat(mini("wx1").isCurrent(session(), APP_TOKEN)).isTrue();
    assertThat(server.takeRequest().getTarget()).isEqualTo(signed("/wxa/checksession"));
  }

  private void reset(String key) throws Exception {
    WeChatMiniProgram.Session renewed = mini("wx1").reset(session(), APP_TOKEN);

    assertThat(renewed.key().reveal()).isEqualTo(key);
    assertThat(renewed.user().key()).isEqualTo(session().user().key());
    assertThat(server.takeRequest().getTarget()).isEqualTo(signed("/wxa/resetusersessionkey"));
  }

  /** The signature was made by another implementation of HMAC-SHA-256. */
  private static String signed(String path) {
    return path
        + "?openid=xxxxxxx&signature=30b1d888f7a4bd4a50d6bdb804ffca80a89a46ad11c5697e1fd2afc2909f0973"
        + "&sig_method=hmac_sha256&access_token=the-app-token";
  }

  private static WeChatMiniProgram.Session session() throws IOException {
    UserIdentity user = Providers.wechat().user(Map.of("openid", "xxxxxxx", "appid", "wx1"));
    return new WeChatMiniProgram.Session(user, Secret.of("FAKE4H1rqRrcpaBVKepXAA=="));
  }

  @ParameterizedTest
  @MethodSource("checks")
  void anAccessTokenIsCheckedForItsUser(ProviderSample sample) throws Exception {
    server.enqueue(sample.answer());
    Request check =
        new Request.Builder().url("https://api.weixin.qq.com/sns/auth?openid=OPENID").build();

    Object outcome;
    try {
      outcome = Providers.wechat().call(http, check, APP_TOKEN).get("errmsg");
    } catch (OAuthErrorException e) {
      outcome = e.error();
      assertThat(e.description()).isEqualTo(sample.expected().get("description"));
    }

    assertThat(outcome).isEqualTo(sample.expected().get("outcome"));
    assertThat(server.takeRequest().getTarget())
        .isEqualTo("/sns/auth?openid=OPENID&access_token=the-app-token");
  }

  private WeChatMiniProgram mini(String appId) {
    return new WeChatMiniProgram(appId, SECRET, http);
  }
}
