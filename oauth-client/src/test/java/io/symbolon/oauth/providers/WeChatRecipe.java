package io.symbolon.oauth.providers;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.LoginRequiredException;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenCache;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** A web application whose users come from WeChat. */
final class WeChatRecipe {
  private final Provider wechat = Providers.wechat();
  private final OAuthClient oauth;
  private final OkHttpClient http;
  private final TokenStore logins;
  private final TokenCache<String> users;

  WeChatRecipe(OAuthClient oauth, OkHttpClient http, TokenStore logins) {
    this.oauth = oauth;
    this.http = http;
    this.logins = logins;
    this.users = TokenCache.of(10_000, user -> oauth.tokenSource(logins, user));
  }

  static OAuthClient client(String appId) {
    Provider wechat = Providers.wechat();
    OAuthClient oauth = wechat.client(appId, Secret.fromEnv("WECHAT_SECRET")).build();
    return oauth;
  }

  URI login(Map<String, Object> session) throws IOException {
    PendingAuthorization pending =
        wechat.authorize(oauth).redirectUri("https://shop.example.com/wechat").begin();
    session.put("login", pending);
    return pending.url();
  }

  String callback(Map<String, Object> session, String callbackUrl) throws IOException {
    PendingAuthorization pending = (PendingAuthorization) session.remove("login");
    TokenSet tokens = oauth.complete(pending, callbackUrl);
    UserIdentity user = wechat.identity(tokens, oauth);
    if (!user.isLinkable()) {
      throw new IOException("somebody who only looks has no account");
    }
    logins.save(user.key(), tokens);
    return user.key();
  }

  OkHttpClient api(String user) {
    return wechat.interceptor(users.source(user)).install(http);
  }

  boolean isLoggedIn(String user) throws IOException {
    StoredTokens login = logins.load(user);
    if (login == null) {
      return false;
    }
    HttpUrl check =
        HttpUrl.get("https://api.weixin.qq.com/sns/auth")
            .newBuilder()
            .addQueryParameter("openid", String.valueOf(login.tokens().member("openid")))
            .build();
    try {
      wechat.call(http, new Request.Builder().url(check).build(), users.source(user));
      return true;
    } catch (LoginRequiredException e) {
      return false;
    }
  }

  static TokenSet app(OAuthClient oauth, PendingAuthorization pending, String code, String state)
      throws IOException {
    HttpUrl brought =
        HttpUrl.get("https://localhost/")
            .newBuilder()
            .addQueryParameter("code", code)
            .addQueryParameter("state", state)
            .build();
    return oauth.complete(pending, AuthorizationResponse.ofQuery(brought.encodedQuery()));
  }

  static UserIdentity miniProgram(
      String appId, Secret appSecret, OkHttpClient http, String jsCode, TokenSource appToken)
      throws IOException {
    WeChatMiniProgram mini = new WeChatMiniProgram(appId, appSecret, http);
    WeChatMiniProgram.Session session = mini.session(Secret.of(jsCode));
    boolean current = mini.isCurrent(session, appToken);
    return current ? session.user() : mini.reset(session, appToken).user();
  }

  static TokenSource appToken(String appId, Secret appSecret, TokenStore store) {
    Provider wechat = Providers.wechatServer();
    OAuthClient oauth = wechat.client(appId, appSecret).build();
    TokenSource token = oauth.clientCredentials().tokenSource(store, "wechat app " + appId);
    return token;
  }

  static UserIdentity member(OAuthClient oauth, Map<String, Object> session, String callbackUrl)
      throws IOException {
    Provider wecom = Providers.wecom();
    PendingAuthorization pending = (PendingAuthorization) session.remove("login");
    UserIdentity member = wecom.identity(oauth.complete(pending, callbackUrl), oauth);
    return member;
  }

  static PendingAuthorization company(OAuthClient oauth) throws IOException {
    PendingAuthorization pending =
        Providers.wecom()
            .authorize(oauth)
            .parameter("agentid", "1000002")
            .redirectUri("https://intranet.example.com/wecom")
            .begin();
    return pending;
  }
}
