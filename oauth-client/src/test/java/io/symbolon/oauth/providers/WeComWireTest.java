package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.MemoryTokenStore;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.hostile.ExampleSite;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes to WeCom, to the letter. */
class WeComWireTest {
  private static final String CALLBACK = "https://app.example.com/callback";
  private static final String GET_TOKEN =
      "GET https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=ww1&corpsecret=app-secret";

  private ExampleSite wecom;
  private OkHttpClient http;

  @BeforeEach
  void start() throws IOException {
    wecom = ExampleSite.startWithCertificateOf("qyapi.weixin.qq.com");
    http = wecom.http();
    wecom.answer(
        "/cgi-bin/gettoken",
        "{\"errcode\":0,\"errmsg\":\"ok\",\"access_token\":\"APP\",\"expires_in\":7200}");
    member("{\"errcode\":0,\"errmsg\":\"ok\",\"userid\":\"zhangsan\"}");
  }

  @AfterEach
  void stop() {
    wecom.close();
  }

  private void member(String json) {
    wecom.answer("/cgi-bin/auth/getuserinfo", json);
  }

  private OAuthClient client(Provider provider) {
    return provider.client("ww1", Secret.of("app-secret")).httpClient(http).build();
  }

  private PendingAuthorization begin(Provider provider) throws IOException {
    return provider
        .authorize(client(provider))
        .redirectUri(CALLBACK)
        .parameter("agentid", "1000002")
        .begin();
  }

  private UserIdentity user(Provider provider, TokenSet tokens) throws IOException {
    return provider.identity(tokens, client(provider));
  }

  private TokenSet login(Provider provider) throws IOException {
    PendingAuthorization pending = begin(provider);
    return client(provider)
        .complete(pending, CALLBACK + "?code=THE-CODE&state=" + pending.state().reveal());
  }

  private List<String> requests() {
    return wecom.requests().stream().map(WeComWireTest::line).toList();
  }

  private static String line(RecordedRequest request) {
    return request.getMethod() + " " + request.getUrl();
  }

  @Test
  void aWebsiteShowsTheQrCodeOfTheCompanysApp() throws Exception {
    PendingAuthorization pending = begin(Providers.wecom());

    assertThat(pending.url())
        .hasToString(
            "https://login.work.weixin.qq.com/wwlogin/sso/login?login_type=CorpApp&appid=ww1"
                + "&agentid=1000002&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback&state="
                + pending.state().reveal()
                + "#wechat_redirect");
    assertThat(pending.state().reveal()).matches("[A-Za-z0-9]{43}");
  }

  @Test
  void aPageInsideTheAppAsksForTheBaseScope() throws Exception {
    PendingAuthorization pending = begin(Providers.wecomInApp());

    assertThat(pending.url())
        .hasToString(
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww1"
                + "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback&response_type=code"
                + "&scope=snsapi_base&state="
                + pending.state().reveal()
                + "&agentid=1000002#wechat_redirect");
  }

  @Test
  void theCodeIsRedeemedWithTheTokenOfTheAppAndNowhereElse() throws Exception {
    UserIdentity user = user(Providers.wecom(), login(Providers.wecom()));

    assertThat(requests())
        .containsExactly(
            GET_TOKEN,
            "GET https://qyapi.weixin.qq.com/cgi-bin/auth/getuserinfo"
                + "?code=THE-CODE&access_token=APP");
    assertThat(user.key()).isEqualTo("https://qyapi.weixin.qq.com/ww1 zhangsan");
    assertThat(user.claims().toString()).doesNotContain("THE-CODE", "APP");
  }

  @Test
  void aMemberIsTheSameOnTheWebsiteAndInsideTheApp() throws Exception {
    UserIdentity website = user(Providers.wecom(), login(Providers.wecom()));
    UserIdentity inApp = user(Providers.wecomInApp(), login(Providers.wecomInApp()));

    assertThat(inApp.key()).isEqualTo(website.key());
  }

  @Test
  void whoeverIsNotAMemberIsRefused() throws Exception {
    TokenSet tokens = login(Providers.wecom());
    member("{\"errcode\":0,\"openid\":\"zhangsan\",\"external_userid\":\"wmX\"}");

    assertThatThrownBy(() -> user(Providers.wecom(), tokens))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("userid");
  }

  @Test
  void aSpentCodeMeansLoggingInAgainAndIsNotShown() throws Exception {
    TokenSet tokens = login(Providers.wecom());
    member("{\"errcode\":40029,\"errmsg\":\"invalid code THE-CODE, hint: [1686]\"}");

    OAuthErrorException refusal =
        catchThrowableOfType(OAuthErrorException.class, () -> user(Providers.wecom(), tokens));

    assertThat(refusal.error()).isEqualTo("invalid_grant");
    assertThat(refusal.description()).isEqualTo("40029: invalid code ██, hint: [1686]");
  }

  @Test
  void aCallbackOfAnotherLoginGetsNothing() throws Exception {
    PendingAuthorization pending = begin(Providers.wecom());

    assertThatThrownBy(
            () -> client(Providers.wecom()).complete(pending, CALLBACK + "?code=C&state=another"))
        .isInstanceOf(InvalidResponseException.class);
    assertThat(requests()).isEmpty();
  }

  @Test
  void theTokenOfEachAppIsSharedThroughAStoreAndRenewedWhenItIsRefused() throws Exception {
    wecom.answer(
        "/cgi-bin/user/get",
        request ->
            wecom.requests("/cgi-bin/user/get").size() == 1
                ? ExampleSite.json("{\"errcode\":42001,\"errmsg\":\"access_token expired\"}")
                : ExampleSite.json("{\"errcode\":0,\"name\":\"张三\"}"));
    wecom.answer("/cgi-bin/gettoken", request -> token(wecom.requests("/cgi-bin/gettoken").size()));
    MemoryTokenStore store = new MemoryTokenStore(10);
    TokenSource app =
        client(Providers.wecom()).clientCredentials().tokenSource(store, "ww1 1000002");
    Request detail =
        new Request.Builder()
            .url("https://qyapi.weixin.qq.com/cgi-bin/user/get?userid=zhangsan")
            .build();

    Map<String, Object> member = Providers.wecom().call(http, detail, app);

    assertThat(member).containsEntry("name", "张三");
    assertThat(requests()).containsExactly(GET_TOKEN, detail("APP-1"), GET_TOKEN, detail("APP-2"));
  }

  private static MockResponse token(int number) {
    return ExampleSite.json(
        "{\"errcode\":0,\"access_token\":\"APP-" + number + "\",\"expires_in\":7200}");
  }

  private static String detail(String token) {
    return "GET https://qyapi.weixin.qq.com/cgi-bin/user/get?userid=zhangsan&access_token=" + token;
  }
}
