package io.symbolon.oauth.providers;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.Dialect;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The catalogue: providers as they were documented and seen when this version was made. Where one
 * has changed since, write your own value with {@link Provider#named}.
 */
public final class Providers {
  static final String WECHAT_API = "https://api.weixin.qq.com";
  private static final List<String> WECHAT_TOKEN_REFUSED =
      Collections.unmodifiableList(Arrays.asList("40001", "40014", "42001", "42007"));

  private static final String WECOM_API = "https://qyapi.weixin.qq.com";
  private static final List<String> WECOM_TOKEN_REFUSED =
      Collections.unmodifiableList(Arrays.asList("40014", "42001"));

  private Providers() {}

  /** GitHub, for OAuth Apps and GitHub Apps. Tokens of OAuth Apps do not end by themselves. */
  public static Provider github() {
    Dialect dialect =
        Dialect.builder()
            .scopeSeparator(",")
            .error("bad_verification_code", "invalid_grant")
            .error("incorrect_client_credentials", "invalid_client")
            .error("redirect_uri_mismatch", "invalid_grant")
            .error("unverified_user_email", "access_denied")
            .build();
    return Provider.named("GitHub", "https://docs.github.com/en/apps/oauth-apps")
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint("https://github.com/login/oauth/authorize")
                .tokenEndpoint("https://github.com/login/oauth/access_token")
                .metadata("device_authorization_endpoint", "https://github.com/login/device/code")
                .dialect(dialect)
                .build())
        .scope("read:user user:email")
        .can("login", "refresh", "device")
        .userInfo(
            "https://api.github.com/user",
            Dialect.builder().member("id", "sub").member("avatar_url", "picture").build())
        .api("https://api.github.com")
        .build();
  }

  /**
   * WeChat on a website: the user scans a QR code with the phone. Keep an account under the
   * unionid, which {@link UserIdentity#key} does as soon as WeChat gives one.
   */
  public static Provider wechat() {
    return wechatLogin("WeChat", "qrconnect", "snsapi_login").build();
  }

  /** WeChat, a page of an official account inside the WeChat app; the user is asked to agree. */
  public static Provider wechatOfficialAccount() {
    return wechatLogin("WeChat official account", "oauth2/authorize", "snsapi_userinfo").build();
  }

  /**
   * The same without asking anybody: WeChat says who it is and nothing more, in the token response.
   */
  public static Provider wechatOfficialAccountBase() {
    return wechatLogin("WeChat official account, base", "oauth2/authorize", "snsapi_base")
        .userInTokens()
        .build();
  }

  /**
   * WeChat from an app on the phone. Nothing is opened in a browser: the state of the pending login
   * goes into the request to the WeChat SDK, and what the SDK brings back completes it.
   */
  public static Provider wechatApp() {
    return wechatLogin("WeChat app", "qrconnect", "snsapi_userinfo").build();
  }

  private static Provider.Builder wechatLogin(String name, String page, String scope) {
    Dialect dialect =
        wechatClient()
            .authorizationOrder("appid", "redirect_uri", "response_type", "scope", "state")
            .authorizationFragment("wechat_redirect")
            .alphanumericState()
            .withoutPkce()
            .silentDenial()
            .scopeSeparator(",")
            .queryRequests()
            .without("authorization_code", "redirect_uri")
            .without("refresh_token", "client_secret", "scope")
            .grantEndpoint("refresh_token", "refresh_endpoint")
            .keepClientId("appid")
            .keepMembers("openid", "unionid", "is_snapshotuser")
            .build();
    return wechatApi(
            name, "https://developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/")
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint("https://open.weixin.qq.com/connect/" + page)
                .tokenEndpoint(WECHAT_API + "/sns/oauth2/access_token")
                .metadata("refresh_endpoint", WECHAT_API + "/sns/oauth2/refresh_token")
                .dialect(dialect)
                .build())
        .scope(scope)
        .can("login", "refresh")
        .userInfoParameter("openid", "openid")
        .subject("unionid")
        .pairwiseSubject("openid", "appid")
        .standIn("is_snapshotuser");
  }

  /**
   * WeChat's token for the account itself, for everything that is not about one user's login. All
   * who ask get the same one until five minutes before its end, and the old one is good for five
   * minutes more; keep it in a store all the same, where there are limits to keep.
   */
  public static Provider wechatServer() {
    Dialect dialect = wechatClient().jsonRequests().build();
    return wechatServer("WeChat server", "/cgi-bin/stable_token", dialect);
  }

  /**
   * The older token for the account. There is one: whoever asks gets a new one, and the one before
   * ends five minutes later, whoever has it. Never without a store that all processes share.
   */
  public static Provider wechatServerLegacy() {
    Dialect dialect = wechatClient().queryRequests().build();
    return wechatServer("WeChat server, legacy", "/cgi-bin/token", dialect);
  }

  private static Provider wechatServer(String name, String tokenPath, Dialect dialect) {
    return wechatApi(name, "https://developers.weixin.qq.com/doc/service/guide/dev/api")
        .server(
            AuthorizationServer.builder()
                .tokenEndpoint(WECHAT_API + tokenPath)
                .dialect(dialect)
                .build())
        .can("client credentials")
        .build();
  }

  private static Dialect.Builder wechatClient() {
    return wechatErrors(Dialect.builder())
        .parameter("client_id", "appid")
        .parameter("client_secret", "secret")
        .grantType("client_credentials", "client_credential")
        .without("client_credentials", "scope")
        .bearerUnlessSaid();
  }

  private static Provider.Builder wechatApi(String name, String documentation) {
    return Provider.named(name, documentation)
        .authentication(ClientAuthentication::post)
        .userInfo(
            WECHAT_API + "/sns/userinfo?lang=zh_CN",
            wechatErrors(Dialect.builder())
                .errors(WECHAT_TOKEN_REFUSED, "invalid_token")
                .tokenInQuery("access_token")
                .tokenRefusedWhen("errcode", WECHAT_TOKEN_REFUSED.toArray(new String[0]))
                .member("nickname", "name")
                .member("headimgurl", "picture")
                .build())
        .api(WECHAT_API);
  }

  /**
   * WeCom (WeChat Work) on a website: the members of one company, by QR code. A login names the app
   * with {@code parameter("agentid", …)}, and the client id is the company's. Whoever is not a
   * member is refused. The token is the app's own: never keep it as the user's.
   */
  public static Provider wecom() {
    return wecom(
        "WeCom",
        "https://login.work.weixin.qq.com/wwlogin/sso/login",
        "",
        Dialect.builder()
            .authorizationParameter("login_type", "CorpApp")
            .authorizationWithout("response_type", "scope")
            .authorizationOrder("login_type", "appid", "agentid", "redirect_uri", "state"));
  }

  /** The same on a page inside the WeCom app, where nobody is asked. */
  public static Provider wecomInApp() {
    return wecom(
        "WeCom app",
        "https://open.weixin.qq.com/connect/oauth2/authorize",
        "snsapi_base",
        Dialect.builder()
            .authorizationOrder("appid", "redirect_uri", "response_type", "scope", "state"));
  }

  private static Provider wecom(String name, String page, String scope, Dialect.Builder dialect) {
    return Provider.named(name, "https://developer.work.weixin.qq.com/document/path/91039")
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint(page)
                .tokenEndpoint(WECOM_API + "/cgi-bin/gettoken")
                .dialect(wecomClient(dialect))
                .build())
        .authentication(ClientAuthentication::post)
        .scope(scope)
        .can("login", "client credentials")
        .userInfo(
            WECOM_API + "/cgi-bin/auth/getuserinfo",
            wecomErrors(Dialect.builder())
                .errors(WECOM_TOKEN_REFUSED, "invalid_token")
                .tokenInQuery("access_token")
                .tokenRefusedWhen("errcode", WECOM_TOKEN_REFUSED.toArray(new String[0]))
                .member("UserId", "userid")
                .member("avatar", "picture")
                .build())
        .userInfoParameter("code", "code")
        .pairwiseSubject("userid", "corpid")
        .identityIssuer(WECOM_API)
        .api(WECOM_API)
        .build();
  }

  /** A login gets the app's token, without the code, which the user information redeems. */
  private static Dialect wecomClient(Dialect.Builder dialect) {
    return wecomErrors(dialect)
        .parameter("client_id", "corpid")
        .authorizationName("client_id", "appid")
        .parameter("client_secret", "corpsecret")
        .authorizationFragment("wechat_redirect")
        .alphanumericState()
        .withoutPkce()
        .queryRequests()
        .without("authorization_code", "grant_type", "code", "redirect_uri")
        .without("client_credentials", "grant_type", "scope")
        .keepResponseParameter("code")
        .keepClientId("corpid")
        .bearerUnlessSaid()
        .build();
  }

  private static Dialect.Builder wecomErrors(Dialect.Builder dialect) {
    return dialect
        .errors("errcode", "errmsg")
        .errors(Arrays.asList("-1", "45009"), "temporarily_unavailable")
        .error("40029", "invalid_grant")
        .errors(Arrays.asList("40001", "40013", "40091", "60020"), "invalid_client");
  }

  static Dialect.Builder wechatErrors(Dialect.Builder dialect) {
    return dialect
        .errors("errcode", "errmsg")
        .errors(Arrays.asList("-1", "45009", "45011", "89503"), "temporarily_unavailable")
        .errors(
            Arrays.asList("40029", "40030", "40163", "42002", "42003", "42007", "61023"),
            "invalid_grant")
        .errors(
            Arrays.asList("40001", "40013", "40125", "40164", "40243", "61004"), "invalid_client")
        .errors(Arrays.asList("40226", "50001", "50002"), "access_denied")
        .error("48001", "insufficient_scope")
        .error("40002", "unsupported_grant_type")
        .error("87009", "invalid_signature")
        .errors(
            Arrays.asList("41001", "41002", "41004", "41008", "41009", "40003"), "invalid_request");
  }
}
