package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.Introspection;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.hostile.ExampleSite;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The providers of China on the wire: whole URLs, whole requests, and answers that lie. */
class ChineseProvidersTest extends ProviderOnTheWire {
  private static final String ENCODED_CALLBACK = "https%3A%2F%2Fapp.example.com%2Fcb";
  private static final String BEARER = "\"access_token\":\"AT\",\"refresh_token\":\"RT\"";

  private void answer(String body) {
    answer("application/json", body);
  }

  private TokenSet refresh() throws IOException {
    return client.refresh(tokens).execute();
  }

  private String sent() throws InterruptedException {
    return next();
  }

  private InvalidResponseException identityRefused(Provider provider) {
    return catchThrowableOfType(
        InvalidResponseException.class, () -> provider.identity(tokens, client));
  }

  @Test
  void qqIsAskedInQueriesAndFirstForTheName() throws Exception {
    answer("{" + BEARER + ",\"expires_in\":7776000}");
    login(Providers.qq());
    assertThat(url)
        .isEqualTo(
            "https://graph.qq.com/oauth2.0/authorize?response_type=code&client_id=app-1"
                + "&redirect_uri="
                + ENCODED_CALLBACK
                + "&scope=get_user_info&state=STATE");
    assertThat(sent())
        .isEqualTo(
            "GET graph.qq.com/oauth2.0/token?grant_type=authorization_code&redirect_uri="
                + ENCODED_CALLBACK
                + "&code=C&client_id=app-1&client_secret=s3&fmt=json");
    answer("{" + BEARER + "}");
    refresh();
    assertThat(sent())
        .isEqualTo(
            "GET graph.qq.com/oauth2.0/token?grant_type=refresh_token&refresh_token=RT"
                + "&client_id=app-1&client_secret=s3&fmt=json");
    answer("text/html", "callback( {\"client_id\":\"app-1\",\"openid\":\"O1\"} );");
    answer("text/html", "{\"ret\":0,\"nickname\":\"N\"}");
    UserIdentity user = Providers.qq().identity(tokens, client);
    assertThat(user.key()).isEqualTo("https://graph.qq.com/app-1 O1");
    assertThat(sent()).isEqualTo("GET graph.qq.com/oauth2.0/me?fmt=json&unionid=1&access_token=AT");
    assertThat(sent())
        .isEqualTo(
            "GET graph.qq.com/user/get_user_info?oauth_consumer_key=app-1&openid=O1"
                + "&access_token=AT");
  }

  @Test
  void aTokenThatQqMadeForAnotherApplicationNamesNobodyHere() throws Exception {
    answer("{" + BEARER + "}");
    login(Providers.qq());
    answer("{\"client_id\":\"app-2\",\"openid\":\"O1\"}");
    assertThat(identityRefused(Providers.qq()).code()).isEqualTo("invalid_identity");
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void qqThatNamesTwoUsersNamesNobody() throws Exception {
    answer("{" + BEARER + "}");
    login(Providers.qq());
    answer("{\"client_id\":\"app-1\",\"openid\":\"O1\"}");
    answer("{\"ret\":0,\"openid\":\"O2\"}");
    assertThat(identityRefused(Providers.qq()).code()).isEqualTo("invalid_identity");
  }

  @Test
  void qqThatNamesNobodyIsNotAskedAboutAnybody() throws Exception {
    answer("{" + BEARER + "}");
    login(Providers.qq());
    answer("{\"client_id\":\"app-1\"}");
    assertThat(identityRefused(Providers.qq()).code()).isEqualTo("invalid_identity");
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void aNumberIsAnErrorOfQqAndTheReactionIsTheStandardOne() throws Exception {
    answer("text/html", "callback( {\"error\":100020,\"error_description\":\"reused\"} );");
    OAuthErrorException refusal =
        catchThrowableOfType(OAuthErrorException.class, () -> login(Providers.qq()));
    assertThat(refusal.error()).isEqualTo("invalid_grant");
    assertThat(refusal.description()).isEqualTo("100020: reused");
    answer("text/html", "code=100009&msg=client+secret+error");
    OAuthErrorException form =
        catchThrowableOfType(OAuthErrorException.class, () -> login(Providers.qq()));
    assertThat(form.error()).isEqualTo("invalid_client");
  }

  @Test
  void htmlIsNoAnswerOfQq() {
    answer("text/html", "<html>access_token=AT</html>");
    OAuthException refusal =
        catchThrowableOfType(OAuthException.class, () -> login(Providers.qq()));
    assertThat(refusal.code()).isEqualTo("malformed_response");
  }

  @Test
  void weiboHasItsOwnSchemeAndTheUserInTheTokenResponse() throws Exception {
    Provider weibo = Providers.weibo();
    answer("text/plain", "{\"access_token\":\"AT\",\"expires_in\":1234,\"uid\":\"77\"}");
    login(weibo);
    assertThat(url)
        .isEqualTo(
            "https://api.weibo.com/oauth2/authorize?response_type=code&client_id=app-1"
                + "&redirect_uri="
                + ENCODED_CALLBACK
                + "&state=STATE");
    assertThat(sent())
        .isEqualTo(
            "POST api.weibo.com/oauth2/access_token grant_type=authorization_code"
                + "&redirect_uri="
                + ENCODED_CALLBACK
                + "&code=C&client_id=app-1&client_secret=s3");
    answer("{\"id\":77,\"screen_name\":\"N\",\"profile_image_url\":\"https://p\"}");
    UserIdentity user = weibo.identity(tokens, client);
    assertThat(user.key()).isEqualTo("https://api.weibo.com 77");
    assertThat(user.name()).isEqualTo("N");
    RecordedRequest asked = server.takeRequest();
    assertThat(asked.getTarget()).isEqualTo("/2/users/show.json?uid=77");
    assertThat(asked.getHeaders().get("Authorization")).isEqualTo("OAuth2 AT");
    answer("{\"id\":78}");
    assertThat(identityRefused(weibo).code()).isEqualTo("invalid_identity");
  }

  @Test
  void weiboSaysWhetherATokenIsStillGood() throws Exception {
    Provider weibo = Providers.weibo();
    answer("{\"access_token\":\"AT\",\"uid\":\"77\"}");
    login(weibo);
    server.takeRequest();
    answer("{\"uid\":77,\"appkey\":12,\"scope\":null,\"create_at\":1,\"expire_in\":9}");
    Introspection info = client.introspect(Secret.of("AT"));
    assertThat(info.isActive()).isTrue();
    assertThat(info.subject()).isEqualTo("77");
    assertThat(sent())
        .isEqualTo(
            "POST api.weibo.com/oauth2/get_token_info access_token=AT&token_type_hint=access_token"
                + "&client_id=app-1&client_secret=s3");
    answer("{\"uid\":77,\"appkey\":12,\"create_at\":1,\"expire_in\":-5}");
    assertThat(client.introspect(Secret.of("AT")).isActive()).isFalse();
  }

  static Stream<ProviderSample> besideTokensAndUsers() {
    return ProviderSample.all()
        .filter(sample -> Set.of("weibo", "baidu").contains(sample.folder()))
        .filter(sample -> Set.of("introspection", "revocation").contains(sample.kind()));
  }

  /** The end of a token is a call to an API of the provider like any other. */
  @ParameterizedTest
  @MethodSource("besideTokensAndUsers")
  void whatIsRecordedBesideTokensAndUsersIsUnderstood(ProviderSample sample) throws Exception {
    Provider provider = ProviderSamplesTest.provider(sample);
    answer("{" + BEARER + "}");
    login(provider);
    server.takeRequest();
    server.enqueue(sample.answer());
    Map<?, ?> expected = sample.expected();
    if (sample.kind().equals("introspection")) {
      Introspection info = client.introspect(Secret.of("AT"));
      assertThat(info.isActive()).isEqualTo(expected.get("active"));
      assertThat(info.subject()).isEqualTo(expected.get("subject"));
      assertThat(info.clientId()).isEqualTo(expected.get("clientId"));
      return;
    }
    Request revocation = new Request.Builder().url((String) expected.get("url")).build();
    Map<String, Object> answer =
        provider.call(ProviderSample.everywhere(server), revocation, () -> tokens.accessToken());
    assertThat(String.valueOf(answer.get("result"))).isEqualTo(expected.get("result"));
    assertThat(server.takeRequest().getHeaders().get("X-Asked-Host"))
        .isEqualTo(revocation.url().host());
  }

  private static Map<String, String> form(String body) {
    return Stream.of(body.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> pair[0],
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                (one, other) -> one + " and " + other,
                TreeMap::new));
  }

  /** The form without its signature, which is checked. */
  private static Map<String, String> verified(String body) throws Exception {
    Map<String, String> form = form(body);
    String sign = form.remove("sign");
    String text =
        form.entrySet().stream()
            .map(pair -> pair.getKey() + "=" + pair.getValue())
            .collect(Collectors.joining("&"));
    Signature verifier = Signature.getInstance("SHA256withRSA");
    verifier.initVerify(SampleProviders.APPLICATION.getPublic());
    verifier.update(text.getBytes(StandardCharsets.UTF_8));
    assertThat(verifier.verify(Base64.getDecoder().decode(sign))).isTrue();
    return form;
  }

  private static String alipay(String name, String content) {
    return SampleProviders.signed(
        "{\"alipay_" + name + "_response\":" + content + ",\"sign\":\"\"}");
  }

  @Test
  void alipaySignsBothWaysAtTheTimeInChina() throws Exception {
    Provider alipay = SampleProviders.alipay();
    answer("text/html", alipay("system_oauth_token", "{" + BEARER + ",\"user_id\":\"2088\"}"));
    login(alipay, "auth_code=C&app_id=app-1&scope=auth_user");
    assertThat(url)
        .isEqualTo(
            "https://openauth.alipay.com/oauth2/publicAppAuthorize.htm?app_id=app-1&redirect_uri="
                + ENCODED_CALLBACK
                + "&scope=auth_user&state=STATE");
    RecordedRequest request = server.takeRequest();
    assertThat(request.getMethod() + " " + request.getTarget()).isEqualTo("POST /gateway.do");
    assertThat(verified(request.getBody().utf8()))
        .isEqualTo(
            Map.of(
                "app_id", "app-1",
                "charset", "utf-8",
                "code", "C",
                "format", "JSON",
                "grant_type", "authorization_code",
                "method", "alipay.system.oauth.token",
                "sign_type", "RSA2",
                "timestamp", "2026-01-01 08:00:00",
                "version", "1.0"));
    answer(alipay("system_oauth_token", "{" + BEARER + "}"));
    refresh();
    assertThat(verified(server.takeRequest().getBody().utf8()))
        .containsEntry("grant_type", "refresh_token")
        .containsEntry("refresh_token", "RT")
        .doesNotContainKeys("scope", "client_secret");
    answer(alipay("user_info_share", "{\"code\":\"10000\",\"user_id\":\"2088\"}"));
    UserIdentity user = alipay.identity(tokens, client);
    assertThat(user.key()).isEqualTo("https://openauth.alipay.com 2088");
    RecordedRequest asked = server.takeRequest();
    assertThat(asked.getMethod() + " " + asked.getTarget()).isEqualTo("POST /gateway.do");
    assertThat(asked.getHeaders().get("Authorization")).isNull();
    assertThat(verified(asked.getBody().utf8()))
        .containsEntry("method", "alipay.user.info.share")
        .containsEntry("auth_token", "AT")
        .containsEntry("app_id", "app-1")
        .containsEntry("timestamp", "2026-01-01 08:00:00")
        .hasSize(9 - 1);
  }

  @Test
  void theUserOfAlipayIsTheOneWhoLoggedIn() throws Exception {
    Provider alipay = SampleProviders.alipay();
    answer(alipay("system_oauth_token", "{" + BEARER + ",\"user_id\":\"2088\"}"));
    login(alipay, "auth_code=C");
    answer(alipay("user_info_share", "{\"code\":\"10000\",\"user_id\":\"2099\"}"));
    assertThat(identityRefused(alipay).code()).isEqualTo("invalid_identity");
  }

  @Test
  void anOpenidOfAlipayIsGoodForOneApplication() throws Exception {
    Provider alipay = SampleProviders.alipay();
    answer(alipay("system_oauth_token", "{" + BEARER + ",\"open_id\":\"o\"}"));
    login(alipay, "auth_code=C");
    answer(alipay("user_info_share", "{\"code\":\"10000\",\"open_id\":\"o\"}"));
    assertThat(alipay.identity(tokens, client).key())
        .isEqualTo("https://openauth.alipay.com/app-1 o");
  }

  private static String forged(String genuine, String kind) {
    String evil = "{\"access_token\":\"EVIL\"}";
    String name = "\"alipay_system_oauth_token_response\":";
    String content = genuine.substring(("{" + name).length(), genuine.lastIndexOf(",\"sign\""));
    return switch (kind) {
      case "another token" -> genuine.replace("\"AT\"", "\"XX\"");
      case "no signature" -> "{" + name + content + "}";
      case "an empty signature" -> "{" + name + content + ",\"sign\":\"\"}";
      case "a second response behind" ->
          genuine.replace(
              ",\"sign\"", ",\"alipay_system_oauth_token_response\":" + evil + ",\"sign\"");
      case "a second response in front" -> genuine.replace(name, name + evil + ",\"x_response\":");
      case "a token beside" -> genuine.replace(",\"sign\"", ",\"access_token\":\"EVIL\",\"sign\"");
      case "the genuine one as a text" ->
          "{"
              + name
              + evil
              + ",\"x\":"
              + "\""
              + genuine.replace("\"", "\\\"")
              + "\""
              + genuine.substring(genuine.lastIndexOf(",\"sign\""));
      case "the genuine one inside" ->
          "{\"a\":1," + name + evil + ",\"x\":" + genuine.replace(name, "\"y_response\":") + "}";
      case "something behind" -> genuine + "{}";
      case "a name that differs" -> genuine.replace(name, "\"error_response\":");
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "another token",
        "no signature",
        "an empty signature",
        "a second response behind",
        "a second response in front",
        "a token beside",
        "the genuine one as a text",
        "the genuine one inside",
        "something behind",
        "a name that differs"
      })
  void whatAlipayDidNotSignIsNotUsed(String kind) throws Exception {
    String genuine = alipay("system_oauth_token", "{" + BEARER + ",\"user_id\":\"2088\"}");
    answer(forged(genuine, kind));
    InvalidResponseException refusal =
        catchThrowableOfType(
            InvalidResponseException.class, () -> login(SampleProviders.alipay(), "auth_code=C"));
    assertThat(refusal).isNotNull();
    assertThat(refusal + " " + refusal.verdict()).doesNotContain("EVIL").doesNotContain("\"AT\"");
  }

  @Test
  void theKeyOfTheApplicationIsNotThatOfAlipay() throws Exception {
    Provider mistaken =
        Providers.alipay(
            Secret.of(
                SampleProviders.base64(SampleProviders.APPLICATION.getPrivate().getEncoded())),
            SampleProviders.base64(SampleProviders.APPLICATION.getPublic().getEncoded()));
    answer(alipay("system_oauth_token", "{" + BEARER + "}"));
    InvalidResponseException refusal =
        catchThrowableOfType(InvalidResponseException.class, () -> login(mistaken, "auth_code=C"));
    assertThat(refusal.code()).isEqualTo("untrusted_response");
  }

  @Test
  void aSlashThatWasEscapedAfterSigningIsForgiven() throws Exception {
    String text = "{" + BEARER + ",\"user_id\":\"2088\",\"p\":\"https://p\"}";
    String sign = SampleProviders.sign(text).replace("/", "\\/");
    answer(
        "{\"alipay_system_oauth_token_response\":"
            + text.replace("/", "\\/")
            + ",\"sign\":\""
            + sign
            + "\"}");
    login(SampleProviders.alipay(), "auth_code=C");
    assertThat(tokens.member("p")).isEqualTo("https://p");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no key", "a small key", "the halves swapped"})
  void aKeyThatIsNoneIsRefusedAtOnceAndNotShown(String fault) {
    KeyPair small = SampleProviders.rsa(1024);
    String own = SampleProviders.base64(SampleProviders.APPLICATION.getPrivate().getEncoded());
    String theirs = SampleProviders.base64(SampleProviders.GATEWAY.getPublic().getEncoded());
    String first =
        switch (fault) {
          case "no key" -> "secret-key-no-base64!";
          case "a small key" -> SampleProviders.base64(small.getPrivate().getEncoded());
          default -> theirs;
        };
    assertThatThrownBy(
            () ->
                Providers.alipay(
                    Secret.of(first), fault.equals("the halves swapped") ? own : theirs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContainingAny("secret-key", own, theirs)
        .hasNoCause();
  }

  @Test
  void keysMayComeAsPem() {
    String own =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder()
                .encodeToString(SampleProviders.APPLICATION.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    String theirs = SampleProviders.base64(SampleProviders.GATEWAY.getPublic().getEncoded());
    assertThat(Providers.alipay(Secret.of(own), theirs)).hasToString("Alipay");
  }

  @Test
  void dingtalkSpeaksJsonAndHasItsOwnHeader() throws Exception {
    Provider dingtalk = Providers.dingtalk();
    answer("{\"accessToken\":\"AT\",\"refreshToken\":\"RT\",\"expireIn\":7200}");
    login(dingtalk, "authCode=C&code=C");
    assertThat(url)
        .isEqualTo(
            "https://login.dingtalk.com/oauth2/auth?response_type=code&client_id=app-1"
                + "&redirect_uri="
                + ENCODED_CALLBACK
                + "&scope=openid&state=STATE&prompt=consent");
    assertThat(sent())
        .isEqualTo(
            "POST api.dingtalk.com/v1.0/oauth2/userAccessToken"
                + " {\"grantType\":\"authorization_code\",\"code\":\"C\",\"clientId\":\"app-1\","
                + "\"clientSecret\":\"s3\"}");
    answer("{\"accessToken\":\"AT2\",\"refreshToken\":\"RT2\",\"expireIn\":7200}");
    refresh();
    assertThat(sent())
        .isEqualTo(
            "POST api.dingtalk.com/v1.0/oauth2/userAccessToken"
                + " {\"grantType\":\"refresh_token\",\"refreshToken\":\"RT\",\"clientId\":\"app-1\","
                + "\"clientSecret\":\"s3\"}");
    answer("{\"nick\":\"N\",\"unionId\":\"U\",\"openId\":\"O\",\"visitor\":true}");
    UserIdentity user = dingtalk.identity(tokens, client);
    assertThat(user.key()).isEqualTo("https://login.dingtalk.com U");
    assertThat(user.isLinkable()).isFalse();
    RecordedRequest asked = server.takeRequest();
    assertThat(asked.getTarget()).isEqualTo("/v1.0/contact/users/me");
    assertThat(asked.getHeaders().get("x-acs-dingtalk-access-token")).isEqualTo("AT");
    assertThat(asked.getHeaders().get("Authorization")).isNull();
  }

  @Test
  void applicationsGetTokensForThemselves() throws Exception {
    assertThat(application(Providers.dingtalkApp(), "{\"accessToken\":\"AT\",\"expireIn\":7200}"))
        .isEqualTo(
            "POST api.dingtalk.com/v1.0/oauth2/accessToken"
                + " {\"appKey\":\"app-1\",\"appSecret\":\"s3\"}");
    assertThat(
            application(
                Providers.feishuApp(),
                "{\"code\":0,\"tenant_access_token\":\"AT\",\"expire\":7140}"))
        .isEqualTo(
            "POST open.feishu.cn/open-apis/auth/v3/tenant_access_token/internal"
                + " {\"app_id\":\"app-1\",\"app_secret\":\"s3\"}");
    assertThat(
            application(
                Providers.douyinMiniApp(), "{\"err_no\":0,\"data\":{\"access_token\":\"AT\"}}"))
        .isEqualTo(
            "POST developer.toutiao.com/api/apps/v2/token"
                + " {\"grant_type\":\"client_credential\",\"appid\":\"app-1\",\"secret\":\"s3\"}");
  }

  private String application(Provider provider, String answer) throws Exception {
    answer(answer);
    OAuthClient application =
        provider
            .client("app-1", Secret.of("s3"))
            .httpClient(ProviderSample.everywhere(server))
            .build();
    assertThat(application.clientCredentials().execute().accessToken().value().reveal())
        .isEqualTo("AT");
    return sent();
  }

  @Test
  void feishuSpeaksJsonWithAProofKey() throws Exception {
    Provider feishu = Providers.feishu();
    answer("{\"code\":0,\"token_type\":\"Bearer\"," + BEARER + "}");
    login(feishu);
    assertThat(url)
        .startsWith("https://accounts.feishu.cn/open-apis/authen/v1/authorize?response_type=code")
        .contains("&client_id=app-1&", "&code_challenge_method=S256");
    assertThat(sent())
        .startsWith(
            "POST accounts.feishu.cn/oauth/v3/token {\"grant_type\":\"authorization_code\","
                + "\"redirect_uri\":\"https://app.example.com/cb\",\"code\":\"C\",\"code_verifier\":\"")
        .endsWith("\",\"client_id\":\"app-1\",\"client_secret\":\"s3\"}");
    answer("{\"code\":0,\"data\":{\"open_id\":\"o\",\"union_id\":\"u\",\"name\":\"N\"}}");
    UserIdentity user = feishu.identity(tokens, client);
    assertThat(user.key()).isEqualTo("https://accounts.feishu.cn u");
    RecordedRequest asked = server.takeRequest();
    assertThat(asked.getTarget()).isEqualTo("/open-apis/authen/v1/user_info");
    assertThat(asked.getHeaders().get("Authorization")).isEqualTo("Bearer AT");
  }

  @Test
  void theStandardErrorOfFeishuGoesBeforeItsNumber() {
    answer("{\"code\":20003,\"error\":\"invalid_grant\",\"error_description\":\"used\"}");
    OAuthErrorException refusal =
        catchThrowableOfType(OAuthErrorException.class, () -> login(Providers.feishu()));
    assertThat(refusal.error()).isEqualTo("invalid_grant");
    answer("{\"code\":20065,\"msg\":\"used\"}");
    OAuthErrorException number =
        catchThrowableOfType(OAuthErrorException.class, () -> login(Providers.feishu()));
    assertThat(number.error()).isEqualTo("invalid_grant");
    assertThat(number.description()).isEqualTo("20065: used");
  }

  @Test
  void larkIsAnotherHouse() throws Exception {
    answer("{\"code\":0,\"token_type\":\"Bearer\"," + BEARER + "}");
    login(Providers.lark());
    assertThat(url).startsWith("https://accounts.larksuite.com/open-apis/authen/v1/authorize?");
    assertThat(sent()).startsWith("POST open.larksuite.com/open-apis/authen/v2/oauth/token {");
  }

  @Test
  void douyinRefreshesElsewhereAndWithoutTheSecret() throws Exception {
    Provider douyin = Providers.douyin();
    answer("{\"data\":{\"error_code\":0,\"open_id\":\"O\",\"scope\":\"a,b\"," + BEARER + "}}");
    login(douyin);
    assertThat(url)
        .isEqualTo(
            "https://open.douyin.com/platform/oauth/connect?response_type=code&client_key=app-1"
                + "&redirect_uri="
                + ENCODED_CALLBACK
                + "&scope=user_info&state=STATE");
    assertThat(tokens.scope()).containsExactly("a", "b");
    assertThat(sent())
        .isEqualTo(
            "POST open.douyin.com/oauth/access_token/ grant_type=authorization_code&code=C"
                + "&client_key=app-1&client_secret=s3");
    answer("{\"data\":{\"error_code\":0," + BEARER + "}}");
    TokenSet renewed = refresh();
    assertThat(renewed.member("open_id")).isEqualTo("O");
    assertThat(sent())
        .isEqualTo(
            "POST open.douyin.com/oauth/refresh_token/ grant_type=refresh_token&refresh_token=RT"
                + "&client_key=app-1");
    answer("{\"data\":{\"error_code\":0,\"open_id\":\"O\",\"nickname\":\"N\"}}");
    assertThat(douyin.identity(tokens, client).key()).isEqualTo("https://open.douyin.com/app-1 O");
    assertThat(sent()).isEqualTo("GET open.douyin.com/oauth/userinfo/?open_id=O&access_token=AT");
    answer("{\"data\":{\"error_code\":0,\"open_id\":\"P\",\"nickname\":\"N\"}}");
    assertThat(identityRefused(douyin).code()).isEqualTo("invalid_identity");
  }

  @Test
  void tiktokIsNearlyStandard() throws Exception {
    Provider tiktok = Providers.tiktok();
    answer("{\"open_id\":\"O\",\"scope\":\"a,b\",\"token_type\":\"Bearer\"," + BEARER + "}");
    login(tiktok);
    assertThat(url)
        .isEqualTo(
            "https://www.tiktok.com/v2/auth/authorize/?response_type=code&client_key=app-1"
                + "&redirect_uri="
                + ENCODED_CALLBACK
                + "&scope=user.info.basic&state=STATE");
    assertThat(sent())
        .isEqualTo(
            "POST open.tiktokapis.com/v2/oauth/token/ grant_type=authorization_code"
                + "&redirect_uri="
                + ENCODED_CALLBACK
                + "&code=C&client_key=app-1&client_secret=s3");
    answer(
        "{\"data\":{\"user\":{\"open_id\":\"O\",\"union_id\":\"U\",\"display_name\":\"N\"}},"
            + "\"error\":{\"code\":\"ok\",\"message\":\"\",\"log_id\":\"1\"}}");
    assertThat(tiktok.identity(tokens, client).key()).isEqualTo("https://www.tiktok.com U");
    assertThat(sent())
        .isEqualTo(
            "GET open.tiktokapis.com/v2/user/info/?fields=open_id,union_id,avatar_url,display_name");
    answer("{\"data\":{},\"error\":{\"code\":\"access_token_invalid\",\"message\":\"m\"}}");
    assertThatThrownBy(() -> tiktok.identity(tokens, client))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_token"));
    server.takeRequest();
    answer("{}");
    client.revoke(tokens.accessToken());
    assertThat(sent()).startsWith("POST open.tiktokapis.com/v2/oauth/revoke/ token=AT&");
  }

  @Test
  void kuaishouNamesTheUserInTheTokenResponse() throws Exception {
    Provider kuaishou = Providers.kuaishou();
    answer("{\"result\":1,\"open_id\":\"O\",\"scopes\":[\"user_info\"]," + BEARER + "}");
    login(kuaishou);
    assertThat(url)
        .isEqualTo(
            "https://open.kuaishou.com/oauth2/authorize?response_type=code&app_id=app-1"
                + "&redirect_uri="
                + ENCODED_CALLBACK
                + "&scope=user_info&state=STATE");
    assertThat(sent())
        .isEqualTo(
            "GET open.kuaishou.com/oauth2/access_token?grant_type=authorization_code&code=C"
                + "&app_id=app-1&app_secret=s3");
    answer("{\"result\":1," + BEARER + "}");
    refresh();
    assertThat(sent())
        .isEqualTo(
            "GET open.kuaishou.com/oauth2/refresh_token?grant_type=refresh_token&refresh_token=RT"
                + "&app_id=app-1&app_secret=s3");
    answer("{\"result\":1,\"user_info\":{\"name\":\"N\",\"head\":\"https://p\"}}");
    UserIdentity user = kuaishou.identity(tokens, client);
    assertThat(user.key()).isEqualTo("https://open.kuaishou.com/app-1 O");
    assertThat(user.picture()).isEqualTo("https://p");
    assertThat(sent())
        .isEqualTo("GET open.kuaishou.com/openapi/user_info?app_id=app-1&access_token=AT");
    answer("{\"result\":0,\"error_msg\":\"bad\"}");
    assertThatThrownBy(() -> kuaishou.identity(tokens, client))
        .isInstanceOf(OAuthErrorException.class);
  }

  @Test
  void bilibiliCallsTheRedirectUriOtherwise() throws Exception {
    answer("{\"code\":0,\"data\":{\"expires_in\":1767229200," + BEARER + "}}");
    login(Providers.bilibili());
    assertThat(url)
        .isEqualTo(
            "https://account.bilibili.com/pc/account-pc/auth/oauth?client_id=app-1&gourl="
                + ENCODED_CALLBACK
                + "&state=STATE");
    assertThat(sent())
        .isEqualTo(
            "POST api.bilibili.com/x/account-oauth2/v1/token grant_type=authorization_code&code=C"
                + "&client_id=app-1&client_secret=s3");
    assertThat(tokens.accessToken().expiresAt()).isEqualTo("2026-01-01T01:00:00Z");
    answer("{\"code\":0,\"data\":{" + BEARER + "}}");
    refresh();
    assertThat(sent()).startsWith("POST api.bilibili.com/x/account-oauth2/v1/refresh_token ");
    assertThatThrownBy(() -> Providers.bilibili().identity(tokens, client))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void baiduTakesTheTokenInTheQueryWhereNobodySeesIt() throws Exception {
    Provider baidu = Providers.baidu();
    answer("{" + BEARER + "}");
    login(baidu);
    assertThat(sent())
        .isEqualTo(
            "POST openapi.baidu.com/oauth/2.0/token grant_type=authorization_code"
                + "&redirect_uri="
                + ENCODED_CALLBACK
                + "&code=C&client_id=app-1&client_secret=s3");
    answer("{\"userid\":5,\"username\":\"N\"}");
    assertThat(baidu.identity(tokens, client).key()).isEqualTo("https://openapi.baidu.com 5");
    assertThat(sent())
        .isEqualTo("GET openapi.baidu.com/rest/2.0/passport/users/getInfo?access_token=AT");
  }

  @Test
  void giteeIsCloseToTheStandard() throws Exception {
    answer("{\"token_type\":\"bearer\"," + BEARER + "}");
    login(Providers.gitee());
    server.takeRequest();
    answer("{\"id\":9,\"name\":\"N\",\"avatar_url\":\"https://p\",\"email\":null}");
    UserIdentity user = Providers.gitee().identity(tokens, client);
    assertThat(user.key()).isEqualTo("https://gitee.com 9");
    assertThat(user.email()).isNull();
    assertThat(sent()).isEqualTo("GET gitee.com/api/v5/user?access_token=AT");
  }

  @Test
  void huaweiTakesTheTokenInAForm() throws Exception {
    Provider huawei = Providers.huawei();
    answer("{\"token_type\":\"Bearer\"," + BEARER + "}");
    login(huawei);
    assertThat(url)
        .startsWith("https://oauth-login.cloud.huawei.com/oauth2/v3/authorize?response_type=code")
        .contains("&access_type=offline", "&code_challenge=");
    assertThat(sent()).startsWith("POST oauth-login.cloud.huawei.com/oauth2/v3/token grant_type=");
    answer("{\"openID\":\"O\",\"unionID\":\"U\",\"displayName\":\"N\"}");
    UserIdentity user = huawei.identity(tokens, client);
    assertThat(user.key()).isEqualTo("https://oauth-login.cloud.huawei.com U");
    assertThat(sent())
        .isEqualTo(
            "POST account.cloud.huawei.com/rest.php nsp_svc=GOpen.User.getInfo&getNickName=1"
                + "&access_token=AT");
  }

  private static MockResponse json(String body) {
    return ExampleSite.json(body);
  }

  /** A call that is refused in an HTTP 200 is repeated with a new token, which nobody else sees. */
  private static void renews(
      Provider provider, String host, String tokenPath, String refusal, String renewal)
      throws Exception {
    try (ExampleSite site = ExampleSite.startWithCertificateOf(host)) {
      site.answer(tokenPath, renewal);
      site.answer(
          "/x",
          request ->
              json(
                  (request.getUrl() + "" + request.getHeaders().toMultimap()).contains("AT2")
                      ? "{}"
                      : refusal));
      OAuthClient client =
          provider.client("app-1", Secret.of("s3")).httpClient(site.http()).build();
      TokenSet ended = client.refresh(Secret.of("RT")).execute();
      site.answer(tokenPath, renewal.replace("\"AT1\"", "\"AT2\""));
      OkHttpClient api = provider.interceptor(client.tokenSource(ended)).install(site.http());
      Request request = new Request.Builder().url("https://" + host + "/x").build();
      try (Response response = api.newCall(request).execute()) {
        assertThat(response.body().string()).isEqualTo("{}");
        assertThat(response.request().url()).hasToString("https://" + host + "/x");
      }
      assertThat(site.requests("/x")).hasSize(2);
    }
  }

  @Test
  void aTokenThatEndedAtAnApiOfQqIsRenewedOnce() throws Exception {
    renews(
        Providers.qq(),
        "graph.qq.com",
        "/oauth2.0/token",
        "{\"ret\":100014,\"msg\":\"access token is expired\"}",
        "{\"access_token\":\"AT1\",\"refresh_token\":\"RT\"}");
  }

  @Test
  void aTokenThatEndedAtAnApiOfDouyinIsRenewedOnce() throws Exception {
    renews(
        Providers.douyin(),
        "open.douyin.com",
        "/oauth/refresh_token/",
        "{\"data\":{\"error_code\":10008,\"description\":\"expired\"}}",
        "{\"data\":{\"error_code\":0,\"access_token\":\"AT1\",\"refresh_token\":\"RT\"}}");
  }

  @Test
  void aTokenThatEndedAtAnApiOfLarkIsRenewedOnce() throws Exception {
    renews(
        Providers.lark(),
        "open.larksuite.com",
        "/open-apis/authen/v2/oauth/token",
        "{\"code\":99991677,\"msg\":\"expired\"}",
        "{\"code\":0,\"access_token\":\"AT1\",\"refresh_token\":\"RT\"}");
  }

  @Test
  void aTokenThatEndedAtAnApiOfDingtalkIsRenewedOnce() throws Exception {
    renews(
        Providers.dingtalk(),
        "api.dingtalk.com",
        "/v1.0/oauth2/userAccessToken",
        "{\"code\":\"InvalidAuthentication\",\"message\":\"expired\"}",
        "{\"accessToken\":\"AT1\",\"refreshToken\":\"RT\"}");
  }
}
