package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mini program trusts what WeChat says about it, and nothing that is for another one. */
class WeChatMiniProgramTest {
  private static final Secret CODE = Secret.of("the-js-code");
  private static final Secret KEY = Secret.of("FAKE4H1rqRrcpaBVKepXAA==");

  private final MockWebServer server = new MockWebServer();
  private WeChatMiniProgram mini;

  @BeforeEach
  void start() throws IOException {
    server.start();
    mini =
        new WeChatMiniProgram(
            "wx1", Secret.of("the-app-secret"), ProviderSample.everywhere(server));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(String json) {
    server.enqueue(
        new MockResponse.Builder().setHeader("Content-Type", "text/plain").body(json).build());
  }

  /** A source that has another token after each refusal. */
  private static final class AppTokens implements TokenSource {
    private int number = 1;

    @Override
    public AccessToken token() {
      return AccessToken.bearer(Secret.of("APP-" + number), Instant.EPOCH, null);
    }

    @Override
    public void invalidate(AccessToken rejected) {
      number++;
    }
  }

  private static WeChatMiniProgram.Session session() throws IOException {
    UserIdentity user = Providers.wechat().user(Map.of("openid", "OPENID", "appid", "wx1"));
    return new WeChatMiniProgram.Session(user, KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"openid\":\"OPENID\"}",
        "{\"openid\":\"OPENID\",\"session_key\":\"\"}",
        "{\"openid\":\"OPENID\",\"session_key\":7}",
        "{\"session_key\":\"K\",\"unionid\":\"U\"}",
        "{\"session_key\":\"K\",\"openid\":null}",
        "[]",
        "<xml/>"
      })
  void anAnswerWithoutUserOrKeyIsNoSession(String json) {
    answer(json);

    assertThatThrownBy(() -> mini.session(CODE)).isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void whatTheServerRepeatsOfTheRequestIsNotShown() {
    answer("{\"errcode\":40029,\"errmsg\":\"invalid the-js-code of the-app-secret\"}");

    OAuthErrorException refusal =
        catchThrowableOfType(OAuthErrorException.class, () -> mini.session(CODE));

    assertThat(refusal + " " + refusal.verdict()).doesNotContain("the-js-code", "the-app-secret");
    assertThat(mini).hasToString("WeChat mini program wx1");
  }

  @Test
  void theUserIsThatOfTheWebsiteWhereThereIsAUnionid() throws Exception {
    answer("{\"openid\":\"O\",\"unionid\":\"UNIONID\",\"session_key\":\"K\"}");

    assertThat(mini.session(CODE).user().key()).isEqualTo("https://open.weixin.qq.com UNIONID");
  }

  @Test
  void aPhoneNumberForAnotherMiniProgramIsRefused() {
    answer(
        "{\"errcode\":0,\"phone_info\":{\"phoneNumber\":\"1\",\"watermark\":{\"appid\":\"wx2\"}}}");

    assertThatThrownBy(() -> mini.phoneNumber(CODE, new AppTokens()))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("watermark");
  }

  @Test
  void aPhoneNumberWithoutWatermarkIsRefused() {
    answer("{\"errcode\":0,\"phone_info\":{\"phoneNumber\":\"1\"}}");

    assertThatThrownBy(() -> mini.phoneNumber(CODE, new AppTokens()))
        .isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void anEndedTokenOfTheAppIsReplacedOnce() throws Exception {
    answer("{\"errcode\":40001,\"errmsg\":\"invalid credential, rid: 1\"}");
    answer(
        "{\"errcode\":0,\"phone_info\":{\"phoneNumber\":\"1\",\"watermark\":{\"appid\":\"wx1\"}}}");

    mini.phoneNumber(CODE, new AppTokens());

    assertThat(server.takeRequest().getTarget()).endsWith("?access_token=APP-1");
    assertThat(server.takeRequest().getTarget()).endsWith("?access_token=APP-2");
  }

  @Test
  void aCodeOfTheButtonIsNotSentAgainWhenItIsRefused() {
    answer("{\"errcode\":40029,\"errmsg\":\"invalid code\"}");

    assertThatThrownBy(() -> mini.phoneNumber(CODE, new AppTokens()))
        .isInstanceOf(OAuthErrorException.class);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void anotherSessionKeyIsNotCurrent() throws Exception {
    answer("{\"errcode\":87009,\"errmsg\":\"invalid signature\"}");

    assertThat(mini.isCurrent(session(), new AppTokens())).isFalse();
  }

  @Test
  void aServerInTroubleSaysNothingAboutTheSessionKey() {
    answer("{\"errcode\":-1,\"errmsg\":\"system error\"}");

    assertThatThrownBy(() -> mini.isCurrent(session(), new AppTokens()))
        .isInstanceOf(OAuthErrorException.class);
  }

  @Test
  void theNewKeyOfAnotherUserIsRefused() {
    answer("{\"errcode\":0,\"openid\":\"ANOTHER\",\"session_key\":\"K2\"}");

    assertThatThrownBy(() -> mini.reset(session(), new AppTokens()))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("openid");
  }
}
