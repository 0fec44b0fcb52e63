package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.MemoryTokenStore;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthEvent;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.hostile.ExampleSite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to WeChat and what never shows, to the letter. */
class WeChatWireTest {
  private static final String CALLBACK = "https://app.example.com/callback?shop=1";
  private static final String TOKENS =
      "{\"access_token\":\"AT-1\",\"expires_in\":7200,\"refresh_token\":\"RT-1\","
          + "\"openid\":\"OPENID\",\"scope\":\"snsapi_userinfo,\",\"unionid\":\"UNIONID\"}";
  private static final String TOKENS_WITHOUT_UNION = TOKENS.replace(",\"unionid\":\"UNIONID\"", "");
  private static final List<String> PATHS =
      List.of(
          "/sns/oauth2/access_token",
          "/sns/oauth2/refresh_token",
          "/sns/userinfo",
          "/cgi-bin/token",
          "/cgi-bin/stable_token",
          "/news");
  private static final Request NEWS =
      new Request.Builder().url("https://api.weixin.qq.com/news?page=2").build();

  private final Deque<MockResponse> answers = new ConcurrentLinkedDeque<>();
  private final List<OAuthEvent> events = new ArrayList<>();
  private ExampleSite wechat;
  private OkHttpClient http;
  private int read;

  @BeforeEach
  void start() throws IOException {
    wechat = ExampleSite.startWithCertificateOf("api.weixin.qq.com");
    http = wechat.http();
    for (String path : PATHS) {
      wechat.answer(path, request -> answers.remove());
    }
  }

  @AfterEach
  void stop() {
    wechat.close();
  }

  private OAuthClient client(Provider provider) {
    return provider
        .client("wx1", Secret.of("app-secret"))
        .httpClient(http)
        .listener(events::add)
        .build();
  }

  private void answer(String json) {
    answers.add(
        new MockResponse.Builder().setHeader("Content-Type", "text/plain").body(json).build());
  }

  private int requests() {
    return wechat.requests().size();
  }

  private String next() {
    RecordedRequest request = wechat.requests().get(read++);
    return request.getMethod() + " " + request.getUrl();
  }

  private PendingAuthorization begin(Provider provider) throws IOException {
    return provider.authorize(client(provider)).redirectUri(CALLBACK).begin();
  }

  private TokenSet login(Provider provider) throws IOException {
    OAuthClient client = client(provider);
    PendingAuthorization pending = provider.authorize(client).redirectUri(CALLBACK).begin();
    return client.complete(pending, CALLBACK + "&code=CODE&state=" + pending.state().reveal());
  }

  private static String page(String path, String scope, String state) {
    return "https://open.weixin.qq.com/connect/"
        + path
        + "?appid=wx1&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback%3Fshop%3D1"
        + "&response_type=code&scope="
        + scope
        + "&state="
        + state
        + "#wechat_redirect";
  }

  @Test
  void thePageGetsItsParametersInTheOrderThatItInsistsOn() throws Exception {
    PendingAuthorization website = begin(Providers.wechat());
    PendingAuthorization account = begin(Providers.wechatOfficialAccount());
    PendingAuthorization base = begin(Providers.wechatOfficialAccountBase());

    assertThat(website.url())
        .hasToString(page("qrconnect", "snsapi_login", website.state().reveal()));
    assertThat(account.url())
        .hasToString(page("oauth2/authorize", "snsapi_userinfo", account.state().reveal()));
    assertThat(base.url())
        .hasToString(page("oauth2/authorize", "snsapi_base", base.state().reveal()));
  }

  @Test
  void anotherParameterComesAfterThoseWithAPlace() throws Exception {
    Provider wechat = Providers.wechat();

    PendingAuthorization pending =
        wechat
            .authorize(client(wechat))
            .redirectUri(CALLBACK)
            .scope("snsapi_login snsapi_userinfo")
            .parameter("lang", "en")
            .begin();

    assertThat(pending.url())
        .hasToString(
            page(
                "qrconnect",
                "snsapi_login%2Csnsapi_userinfo",
                pending.state().reveal() + "&lang=en"));
  }

  @Test
  void theStateHasLettersAndDigitsOnly() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(begin(Providers.wechatOfficialAccount()).state().reveal())
          .matches("[A-Za-z0-9]{43}");
    }
  }

  @Test
  void aCodeIsRedeemedInTheQuery() throws Exception {
    answer(TOKENS);

    TokenSet tokens = login(Providers.wechat());

    assertThat(next())
        .isEqualTo(
            "GET https://api.weixin.qq.com/sns/oauth2/access_token"
                + "?grant_type=authorization_code&code=CODE&appid=wx1&secret=app-secret");
    assertThat(tokens.scope()).containsExactly("snsapi_userinfo");
  }

  @Test
  void anAppCompletesItsLoginWithWhatTheSdkBroughtBack() throws Exception {
    answer(TOKENS);
    Provider app = Providers.wechatApp();
    OAuthClient client = client(app);
    PendingAuthorization pending = app.authorize(client).redirectUri("wx1://oauth").begin();

    String brought = "code=CODE&state=" + pending.state().reveal();
    client.complete(pending, AuthorizationResponse.ofQuery(brought));

    assertThat(next())
        .isEqualTo(
            "GET https://api.weixin.qq.com/sns/oauth2/access_token"
                + "?grant_type=authorization_code&code=CODE&appid=wx1&secret=app-secret");
    assertThat(pending.scope()).containsExactly("snsapi_userinfo");
  }

  @Test
  void anAppDoesNotTakeTheCodeOfAnotherLogin() throws Exception {
    Provider app = Providers.wechatApp();
    OAuthClient client = client(app);
    PendingAuthorization pending = app.authorize(client).redirectUri("wx1://oauth").begin();

    assertThatThrownBy(
            () -> client.complete(pending, AuthorizationResponse.ofQuery("code=C&state=another")))
        .isInstanceOf(InvalidResponseException.class);
    assertThat(requests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 421, 503})
  void aCodeInAQueryIsSentOnceWhateverTheServerSays(int status) {
    answers.add(new MockResponse.Builder().code(status).setHeader("Retry-After", "0").build());
    answer(TOKENS);

    assertThatThrownBy(() -> login(Providers.wechat()))
        .isInstanceOf(InvalidResponseException.class);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void aRefreshGoesWithoutTheSecret() throws Exception {
    answer(TOKENS);
    TokenSet tokens = login(Providers.wechat());
    next();
    answer(TOKENS_WITHOUT_UNION.replace("AT-1", "AT-2"));

    TokenSet renewed = client(Providers.wechat()).refresh(tokens).execute();

    assertThat(next())
        .isEqualTo(
            "GET https://api.weixin.qq.com/sns/oauth2/refresh_token"
                + "?grant_type=refresh_token&refresh_token=RT-1&appid=wx1");
    assertThat(renewed.accessToken().value()).isEqualTo(Secret.of("AT-2"));
    assertThat(renewed.member("unionid")).isEqualTo("UNIONID");
    assertThat(renewed.member("appid")).isEqualTo("wx1");
  }

  @Test
  void aRenewalForAnotherUserIsRefused() throws Exception {
    answer(TOKENS);
    TokenSet tokens = login(Providers.wechat());
    answer(TOKENS_WITHOUT_UNION.replace("OPENID", "ANOTHER"));

    InvalidResponseException refusal =
        catchThrowableOfType(
            InvalidResponseException.class,
            () -> client(Providers.wechat()).refresh(tokens).execute());

    assertThat(refusal.code()).isEqualTo("another_login");
  }

  private UserIdentity user(Provider provider, TokenSet tokens) throws IOException {
    return provider.identity(tokens, client(provider));
  }

  @Test
  void userInformationIsAskedForWithTheOpenid() throws Exception {
    answer(TOKENS);
    TokenSet tokens = login(Providers.wechat());
    next();
    answer("{\"openid\":\"OPENID\",\"nickname\":\"飞翔\",\"unionid\":\"UNIONID\"}");

    UserIdentity user = user(Providers.wechat(), tokens);

    assertThat(next())
        .isEqualTo(
            "GET https://api.weixin.qq.com/sns/userinfo"
                + "?lang=zh_CN&openid=OPENID&access_token=AT-1");
    assertThat(user.key()).isEqualTo("https://open.weixin.qq.com UNIONID");
    assertThat(user.name()).isEqualTo("飞翔");
    assertThat(user.claims())
        .containsEntry("openid", "OPENID")
        .containsEntry("unionid", "UNIONID")
        .containsEntry("appid", "wx1");
  }

  @Test
  void userInformationAboutAnotherUserIsRefused() throws Exception {
    answer(TOKENS);
    TokenSet tokens = login(Providers.wechat());
    answer("{\"openid\":\"ANOTHER\",\"nickname\":\"x\",\"unionid\":\"UNIONID\"}");
    answer("{\"openid\":\"OPENID\",\"nickname\":\"x\",\"unionid\":\"ANOTHER\"}");

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> user(Providers.wechat(), tokens))
          .isInstanceOf(InvalidResponseException.class)
          .hasMessageContaining("the same as the provider said before");
    }
  }

  @Test
  void aUnionidOfTheLoginIsNotForgottenForAnOpenid() throws Exception {
    answer(TOKENS);
    TokenSet tokens = login(Providers.wechat());
    answer("{\"openid\":\"OPENID\",\"nickname\":\"x\",\"unionid\":\"\"}");

    assertThat(user(Providers.wechat(), tokens).subject()).isEqualTo("UNIONID");
  }

  @Test
  void theOpenidsOfTwoAppsAreNeverOneKey() throws Exception {
    answer(TOKENS_WITHOUT_UNION);
    UserIdentity here = base("wx1");
    answer(TOKENS_WITHOUT_UNION);
    UserIdentity there = base("wx2");

    assertThat(here.key()).isEqualTo("https://open.weixin.qq.com/wx1 OPENID");
    assertThat(there.key()).isEqualTo("https://open.weixin.qq.com/wx2 OPENID");
  }

  private UserIdentity base(String appId) throws IOException {
    Provider base = Providers.wechatOfficialAccountBase();
    OAuthClient client = base.client(appId, Secret.of("app-secret")).httpClient(http).build();
    PendingAuthorization pending = base.authorize(client).redirectUri(CALLBACK).begin();
    TokenSet tokens =
        client.complete(pending, CALLBACK + "&code=CODE&state=" + pending.state().reveal());
    return base.identity(tokens, client);
  }

  @Test
  void theBaseScopeAsksForNothingMoreThanTheTokens() throws Exception {
    answer(TOKENS);

    UserIdentity user = base("wx1");

    assertThat(user.key()).isEqualTo("https://open.weixin.qq.com UNIONID");
    assertThat(user.isLinkable()).isTrue();
    assertThat(user.claims().toString()).doesNotContain("AT-1", "RT-1");
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void anOpenidWithoutItsAppIsNobody() throws Exception {
    answer(TOKENS_WITHOUT_UNION);
    TokenSet notOfALogin = client(Providers.wechat()).clientCredentials().execute();

    assertThatThrownBy(() -> user(Providers.wechatOfficialAccountBase(), notOfALogin))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("appid");
  }

  @Test
  void aStandInIsNeverLinkedNotEvenAfterARenewal() throws Exception {
    answer(TOKENS.replace("}", ",\"is_snapshotuser\":1}"));
    TokenSet tokens = login(Providers.wechatOfficialAccount());
    answer(TOKENS_WITHOUT_UNION.replace("AT-1", "AT-2"));
    TokenSet renewed = client(Providers.wechatOfficialAccount()).refresh(tokens).execute();
    for (TokenSet each : List.of(tokens, renewed)) {
      answer("{\"openid\":\"OPENID\",\"nickname\":\"x\",\"unionid\":\"UNIONID\"}");
      assertThat(user(Providers.wechatOfficialAccount(), each).isLinkable()).isFalse();
    }
  }

  @Test
  void aUserWhoSaysNoComesBackWithTheStateAlone() throws Exception {
    OAuthClient client = client(Providers.wechat());
    PendingAuthorization pending =
        Providers.wechat().authorize(client).redirectUri(CALLBACK).begin();

    OAuthErrorException no =
        catchThrowableOfType(
            OAuthErrorException.class,
            () -> client.complete(pending, CALLBACK + "&state=" + pending.state().reveal()));

    assertThat(no.error()).isEqualTo("access_denied");
    assertThat(requests()).isZero();
  }

  @Test
  void somebodyElsesNoDoesNotEndTheLogin() throws Exception {
    OAuthClient client = client(Providers.wechat());
    PendingAuthorization pending =
        Providers.wechat().authorize(client).redirectUri(CALLBACK).begin();

    assertThatThrownBy(() -> client.complete(pending, CALLBACK + "&state=guessed"))
        .isInstanceOf(InvalidResponseException.class);
    answer(TOKENS);
    client.complete(pending, CALLBACK + "&code=CODE&state=" + pending.state().reveal());
  }

  /** A source with the tokens of a login, and a client with it for WeChat's API. */
  private OkHttpClient api(TokenSource tokens) {
    return Providers.wechat().interceptor(tokens).install(http);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40014", "42001"})
  void anEndedTokenInAnHttp200IsRenewedAndTheCallRepeatedOnce(String code) throws Exception {
    answer(TOKENS);
    TokenSource source = client(Providers.wechat()).tokenSource(login(Providers.wechat()));
    next();
    answer("{\"errcode\":" + code + ",\"errmsg\":\"ended, rid: 1-2-3\"}");
    answer(TOKENS.replace("AT-1", "AT-2"));
    answer("{\"news\":[]}");

    String shown;
    try (Response response = api(source).newCall(NEWS).execute()) {
      assertThat(response.body().string()).isEqualTo("{\"news\":[]}");
      shown = response.request().url() + " " + response.networkResponse() + " " + response + events;
    }

    assertThat(next()).isEqualTo("GET https://api.weixin.qq.com/news?page=2&access_token=AT-1");
    assertThat(next()).startsWith("GET https://api.weixin.qq.com/sns/oauth2/refresh_token");
    assertThat(next()).isEqualTo("GET https://api.weixin.qq.com/news?page=2&access_token=AT-2");
    assertThat(shown).doesNotContain("AT-1", "AT-2", "RT-1", "app-secret");
  }

  @Test
  void theSecondRefusalGoesToTheCaller() throws Exception {
    answer(TOKENS);
    TokenSource source = client(Providers.wechat()).tokenSource(login(Providers.wechat()));
    answer("{\"errcode\":42001,\"errmsg\":\"ended\"}");
    answer(TOKENS.replace("AT-1", "AT-2"));
    answer("{\"errcode\":40001,\"errmsg\":\"not latest\"}");

    try (Response response = api(source).newCall(NEWS).execute()) {
      assertThat(response.body().string()).contains("40001");
    }
    assertThat(requests()).isEqualTo(4);
  }

  @Test
  void aTokenThatARenewalDoesNotChangeEndsInOneRenewal() throws Exception {
    answer(TOKENS);
    TokenSource source = client(Providers.wechat()).tokenSource(login(Providers.wechat()));
    answer("{\"errcode\":40001,\"errmsg\":\"invalid credential\"}");
    answer(TOKENS);

    try (Response response = api(source).newCall(NEWS).execute()) {
      assertThat(response.body().string()).contains("40001");
    }
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void aCallThroughTheProviderReplacesTheTokenOnceToo() throws Exception {
    answer(TOKENS);
    TokenSource source = client(Providers.wechat()).tokenSource(login(Providers.wechat()));
    next();
    answer("{\"errcode\":42001,\"errmsg\":\"ended\"}");
    answer(TOKENS.replace("AT-1", "AT-2"));
    answer("{\"errcode\":42001,\"errmsg\":\"ended AT-2, rid: 1-2-3\"}");

    OAuthErrorException refusal =
        catchThrowableOfType(
            OAuthErrorException.class, () -> Providers.wechat().call(http, NEWS, source));

    assertThat(refusal.error()).isEqualTo("invalid_token");
    assertThat(refusal.description()).isEqualTo("42001: ended ██, rid: 1-2-3");
    assertThat(next()).endsWith("access_token=AT-1");
    assertThat(next()).contains("refresh_token=RT-1");
    assertThat(next()).endsWith("access_token=AT-2");
    assertThat(requests()).isEqualTo(4);
  }

  @Test
  void aTokenIsNotCarriedToAnotherHost() {
    Request elsewhere =
        new Request.Builder().url("https://api.weixin.qq.com.evil.example/").build();

    assertThatThrownBy(
            () ->
                Providers.wechat()
                    .call(
                        http,
                        elsewhere,
                        () -> {
                          throw new AssertionError("no token is needed");
                        }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("evil.example");
  }

  @Test
  void aFailedCallShowsNeitherTokenNorSecret() {
    wechat.close();

    IOException login = catchThrowableOfType(IOException.class, () -> login(Providers.wechat()));

    assertThat(login + " " + events).doesNotContain("app-secret", "CODE");
  }

  @Test
  void theStableTokenIsAskedForWithJson() throws Exception {
    answer("{\"access_token\":\"APP\",\"expires_in\":7200}");

    client(Providers.wechatServer()).clientCredentials().scope("ignored").execute();

    RecordedRequest request = wechat.requests().get(0);
    assertThat(request.getMethod() + " " + request.getTarget())
        .isEqualTo("POST /cgi-bin/stable_token");
    assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
    assertThat(request.getBody().utf8())
        .isEqualTo(
            "{\"grant_type\":\"client_credential\",\"appid\":\"wx1\",\"secret\":\"app-secret\"}");
  }

  @Test
  void theLegacyTokenIsAskedForInTheQuery() throws Exception {
    answer("{\"access_token\":\"APP\",\"expires_in\":7200}");

    client(Providers.wechatServerLegacy()).clientCredentials().execute();

    assertThat(next())
        .isEqualTo(
            "GET https://api.weixin.qq.com/cgi-bin/token"
                + "?grant_type=client_credential&appid=wx1&secret=app-secret");
  }

  @Test
  void allProcessesShareTheOneLiveTokenOfTheAccount() throws Exception {
    TokenStore store = new MemoryTokenStore(10);
    answer("{\"access_token\":\"APP-1\",\"expires_in\":7200}");
    TokenSource one = appToken(store);
    TokenSource other = appToken(store);

    assertThat(one.token().value()).isEqualTo(Secret.of("APP-1"));
    assertThat(other.token().value()).isEqualTo(Secret.of("APP-1"));
    assertThat(requests()).isEqualTo(1);

    answer("{\"access_token\":\"APP-2\",\"expires_in\":7200}");
    one.invalidate(one.token());
    assertThat(one.token().value()).isEqualTo(Secret.of("APP-2"));
    other.invalidate(other.token());
    assertThat(other.token().value()).isEqualTo(Secret.of("APP-2"));
    assertThat(requests()).isEqualTo(2);
  }

  private TokenSource appToken(TokenStore store) {
    return client(Providers.wechatServerLegacy()).clientCredentials().tokenSource(store, "wx1");
  }
}
