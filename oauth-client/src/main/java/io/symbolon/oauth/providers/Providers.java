package io.symbolon.oauth.providers;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.Dialect;
import java.util.Arrays;

/**
 * The catalogue: providers as they were documented and seen when this version was made. Where one
 * has changed since, write your own value with {@link Provider#named}.
 */
public final class Providers {
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

  /** WeChat, the QR code on a website. */
  public static Provider wechat() {
    return wechat("WeChat", "https://open.weixin.qq.com/connect/qrconnect", "snsapi_login");
  }

  /** WeChat, a page inside the WeChat app. */
  public static Provider wechatOfficialAccount() {
    return wechat(
        "WeChat official account",
        "https://open.weixin.qq.com/connect/oauth2/authorize",
        "snsapi_userinfo");
  }

  private static Provider wechat(String name, String authorizationEndpoint, String scope) {
    String api = "https://api.weixin.qq.com/sns/";
    Dialect dialect =
        wechatErrors(Dialect.builder())
            .parameter("client_id", "appid")
            .parameter("client_secret", "secret")
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
            .bearerUnlessSaid()
            .build();
    return Provider.named(
            name, "https://developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/")
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint(authorizationEndpoint)
                .tokenEndpoint(api + "oauth2/access_token")
                .metadata("refresh_endpoint", api + "oauth2/refresh_token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope(scope)
        .can("login", "refresh")
        .userInfo(
            api + "userinfo",
            wechatErrors(Dialect.builder())
                .errors(Arrays.asList("40001", "40014", "42001"), "invalid_token")
                .tokenInQuery("access_token")
                .tokenRefusedWhen("errcode", "40001", "40014", "42001")
                .member("openid", "sub")
                .member("unionid", "sub")
                .member("nickname", "name")
                .member("headimgurl", "picture")
                .build())
        .userInfoParameter("openid", "openid")
        .standIn("is_snapshotuser")
        .api("https://api.weixin.qq.com")
        .build();
  }

  private static Dialect.Builder wechatErrors(Dialect.Builder dialect) {
    return dialect
        .errors("errcode", "errmsg")
        .errors(Arrays.asList("-1", "45009", "45011", "89503"), "temporarily_unavailable")
        .errors(
            Arrays.asList("40029", "40030", "40163", "42002", "42003", "42007", "61023"),
            "invalid_grant")
        .errors(Arrays.asList("40001", "40013", "40125", "40164", "40243"), "invalid_client")
        .errors(Arrays.asList("40226", "50001", "50002"), "access_denied")
        .errors(Arrays.asList("48001"), "insufficient_scope")
        .errors(
            Arrays.asList("41001", "41002", "41004", "41008", "41009", "40003"), "invalid_request");
  }
}
