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
