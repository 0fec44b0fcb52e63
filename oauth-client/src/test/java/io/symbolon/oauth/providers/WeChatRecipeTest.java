package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.LoginRequiredException;
import io.symbolon.oauth.MemoryTokenStore;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole story of a user from WeChat, told to a server that speaks as WeChat does. */
class WeChatRecipeTest {
  private final TestClock clock = TestClock.at("2026-11-26T08:00:00Z");
  private final ScriptedWeChat wechat = new ScriptedWeChat();
  private final TokenStore logins = new MemoryTokenStore(10, clock);
  private final Map<String, Object> session = new HashMap<>();
  private ExampleSite site;
  private WeChatRecipe shop;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.startWithCertificateOf("api.weixin.qq.com");
    site.answer("/sns/oauth2/access_token", wechat::redeemed);
    site.answer("/sns/oauth2/refresh_token", wechat::renewed);
    site.answer("/sns/userinfo", request -> wechat.forToken(request, "\"nickname\":\"飞翔\""));
    site.answer("/sns/auth", request -> wechat.forToken(request, "\"errcode\":0"));
    site.answer("/news", request -> wechat.forToken(request, "\"news\":[]"));
    OkHttpClient http = site.http();
    OAuthClient oauth =
        Providers.wechat()
            .client("wx1", Secret.of("app-secret"))
            .httpClient(http)
            .clock(clock)
            .build();
    shop = new WeChatRecipe(oauth, http, logins);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  /** One user, who has one access token and one refresh token at a time. */
  private static final class ScriptedWeChat {
    private int number;
    private boolean ended;
    private boolean passwordChanged;

    MockResponse redeemed(RecordedRequest request) {
      boolean right =
          "THE-CODE".equals(request.getUrl().queryParameter("code"))
              && "app-secret".equals(request.getUrl().queryParameter("secret"));
      if (!right) {
        return plain("\"errcode\":40029,\"errmsg\":\"invalid code, rid: 6310\"");
      }
      passwordChanged = false;
      return plain(tokens() + ",\"unionid\":\"UNIONID\"");
    }

    MockResponse renewed(RecordedRequest request) {
      return passwordChanged
          ? plain("\"errcode\":42007,\"errmsg\":\"access_token and refresh_token exception\"")
          : plain(tokens());
    }

    private String tokens() {
      number++;
      ended = false;
      return "\"access_token\":\"AT-"
          + number
          + "\",\"expires_in\":7200,\"refresh_token\":\"RT\",\"openid\":\"OPENID\","
          + "\"scope\":\"snsapi_login,\"";
    }

    MockResponse forToken(RecordedRequest request, String members) {
      boolean current = ("AT-" + number).equals(request.getUrl().queryParameter("access_token"));
      return current && !ended && !passwordChanged
          ? plain(members + ",\"openid\":\"OPENID\"")
          : plain("\"errcode\":42001,\"errmsg\":\"access_token expired, rid: 6311\"");
    }

    private static MockResponse plain(String members) {
      return new MockResponse.Builder()
          .setHeader("Content-Type", "text/plain")
          .body("{" + members + "}")
          .build();
    }
  }

  private String login() throws IOException {
    URI url = shop.login(session);
    String state = HttpUrl.get(url).queryParameter("state");
    return shop.callback(session, "https://shop.example.com/wechat?code=THE-CODE&state=" + state);
  }

  private String news(String user) throws IOException {
    Request request = new Request.Builder().url("https://api.weixin.qq.com/news").build();
    try (Response response = shop.api(user).newCall(request).execute()) {
      return response.body().string();
    }
  }

  private int renewals() {
    return site.requests("/sns/oauth2/refresh_token").size();
  }

  @Test
  void aUserComesStaysAndComesAgain() throws Exception {
    String user = login();
    assertThat(user).isEqualTo("https://open.weixin.qq.com UNIONID");
    assertThat(session).isEmpty();
    assertThat(news(user)).contains("news");
    assertThat(renewals()).isZero();

    wechat.ended = true; // before its time, which WeChat says in an HTTP 200
    assertThat(news(user)).contains("news");
    assertThat(renewals()).isEqualTo(1);

    clock.advance(Duration.ofHours(3)); // past its time: WeChat need not say it
    assertThat(news(user)).contains("news");
    assertThat(renewals()).isEqualTo(2);

    wechat.passwordChanged = true;
    assertThatThrownBy(() -> news(user))
        .isInstanceOf(LoginRequiredException.class)
        .cause()
        .hasMessageContaining("42007");
    assertThat(logins.load(user)).isNull();

    assertThat(login()).isEqualTo(user);
    assertThat(news(user)).contains("news");
  }

  @Test
  void aUserWhoReturnsIsCheckedRenewedOrSentToLogInAgain() throws Exception {
    String user = login();
    assertThat(shop.isLoggedIn(user)).isTrue();
    assertThat(renewals()).isZero();

    wechat.ended = true;
    assertThat(shop.isLoggedIn(user)).isTrue();
    assertThat(renewals()).isEqualTo(1);

    wechat.passwordChanged = true;
    assertThat(shop.isLoggedIn(user)).isFalse();
    assertThat(shop.isLoggedIn(user)).isFalse();
    assertThat(renewals()).isEqualTo(2);

    login();
    assertThat(shop.isLoggedIn(user)).isTrue();
  }

  @Test
  void whoTheUserIsSurvivesRenewalsThatDoNotSayIt() throws Exception {
    String user = login();
    wechat.ended = true;
    news(user);

    assertThat(logins.load(user).tokens().member("unionid")).isEqualTo("UNIONID");
    assertThat(logins.load(user).tokens().member("appid")).isEqualTo("wx1");
  }
}
