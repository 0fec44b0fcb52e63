package io.symbolon.oauth.providers;

import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The server of a WeChat mini program, which learns who uses it. No browser and no token of the
 * user: the mini program brings a code, and WeChat gives a name and a key for it. Immutable, safe
 * for many threads.
 *
 * <pre>{@code
 * WeChatMiniProgram mini = new WeChatMiniProgram(appId, appSecret, http);
 * WeChatMiniProgram.Session session = mini.session(Secret.of(jsCode));
 * accounts.find(session.user().key());
 * }</pre>
 *
 * <p>Some calls need the token of the mini program itself: that of {@link
 * Providers#wechatServer()}.
 */
public final class WeChatMiniProgram {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Dialect ANSWERS = Providers.wechatErrors(Dialect.builder()).build();
  private static final Provider SERVER = Providers.wechatServer();
  private static final Provider USERS = Providers.wechat();

  private final String appId;
  private final Secret appSecret;
  private final OkHttpClient http;

  /**
   * A mini program.
   *
   * @param http the application's HTTP client
   */
  public WeChatMiniProgram(String appId, Secret appSecret, OkHttpClient http) {
    this.appId = appId;
    this.appSecret = appSecret;
    this.http = http;
  }

  /**
   * Who uses the mini program, and what WeChat signs and encrypts for it meanwhile.
   *
   * @param user the same user as at a website or official account only if WeChat gives a unionid
   * @param key the session key: it must not leave the server, not even to the mini program itself,
   *     and it is no token. WeChat ends it when it likes, and with the next session of the user
   */
  public record Session(UserIdentity user, Secret key) {}

  /**
   * Spends the code of {@code wx.login}, which is good once and for five minutes.
   *
   * @throws OAuthErrorException {@code invalid_grant} when the code is spent or not of this mini
   *     program; {@code access_denied} when WeChat takes the user for a danger; {@code
   *     temporarily_unavailable} when it is asked too often for one user
   * @throws InvalidResponseException when the answer cannot be used
   */
  public Session session(Secret jsCode) throws IOException {
    HttpUrl url =
        url("/sns/jscode2session")
            .addQueryParameter("appid", appId)
            .addQueryParameter("secret", appSecret.reveal())
            .addQueryParameter("js_code", jsCode.reveal())
            .addQueryParameter("grant_type", "authorization_code")
            .build();
    Request request = new Request.Builder().url(url).header("Accept", "application/json").build();
    Map<String, @Nullable Object> answer = ANSWERS.call(http, request, null, appSecret, jsCode);
    return new Session(user(answer), key(answer));
  }

  /** Only what names the user: the key beside it is nobody's claim. */
  private UserIdentity user(Map<String, @Nullable Object> answer) throws InvalidResponseException {
    Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    claims.put("openid", text(answer, "openid"));
    claims.put("appid", appId);
    Object unionId = answer.get("unionid");
    if (unionId != null) {
      claims.put("unionid", unionId);
    }
    return USERS.user(claims);
  }

  private static Secret key(Map<String, @Nullable Object> answer) throws InvalidResponseException {
    return Secret.of(text(answer, "session_key"));
  }

  private static String text(Map<String, @Nullable Object> answer, String name)
      throws InvalidResponseException {
    if (answer.get(name) instanceof String text && !text.trim().isEmpty()) {
      return text;
    }
    throw refused(name, "a text", "none");
  }

  /**
   * Whether the session key is still the one that WeChat works with.
   *
   * @param appToken the mini program's own token
   */
  public boolean isCurrent(Session session, TokenSource appToken) throws IOException {
    try {
      signed("/wxa/checksession", session, appToken);
      return true;
    } catch (OAuthErrorException e) {
      if (e.error().equals("invalid_signature")) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Another key in the place of one that may be known to somebody; it ends when the old one would
   * have.
   *
   * @param appToken the mini program's own token
   */
  public Session reset(Session session, TokenSource appToken) throws IOException {
    Map<String, @Nullable Object> answer = signed("/wxa/resetusersessionkey", session, appToken);
    if (!openId(session).equals(answer.get("openid"))) {
      throw refused("openid", "that of the session", "another");
    }
    return new Session(session.user(), key(answer));
  }

  private Map<String, @Nullable Object> signed(String path, Session session, TokenSource appToken)
      throws IOException {
    String signature = signature(session.key());
    HttpUrl url =
        url(path)
            .addQueryParameter("openid", openId(session))
            .addQueryParameter("signature", signature)
            .addQueryParameter("sig_method", "hmac_sha256")
            .build();
    Request request = new Request.Builder().url(url).build();
    return SERVER.call(http, request, appToken, Secret.of(signature));
  }

  private static String openId(Session session) {
    return String.valueOf(session.user().claims().get("openid"));
  }

  /** Of the empty text; the key is taken as the text that it came as. */
  private static String signature(Secret key) {
    return ByteString.EMPTY.hmacSha256(ByteString.encodeUtf8(key.reveal())).hex();
  }

  /**
   * The phone number that the user agreed to show: the members of WeChat's {@code phone_info}, such
   * as {@code phoneNumber}, {@code purePhoneNumber} and {@code countryCode}, which may be a number.
   *
   * @param code that of the button, not of {@code wx.login}; good once and for five minutes
   * @param appToken the mini program's own token
   * @throws InvalidResponseException when the answer is for another mini program
   */
  public Map<String, @Nullable Object> phoneNumber(Secret code, TokenSource appToken)
      throws IOException {
    String json = StrictJson.write(Collections.singletonMap("code", code.reveal()));
    Request request =
        new Request.Builder()
            .url(url("/wxa/business/getuserphonenumber").build())
            .post(RequestBody.create(json, JSON))
            .build();
    Map<String, @Nullable Object> answer = SERVER.call(http, request, appToken, code);
    Map<String, @Nullable Object> phone = object(answer, "phone_info");
    Object owner = object(phone, "watermark").get("appid");
    if (!appId.equals(owner)) {
      throw refused("watermark", "that of this mini program", "another");
    }
    return phone;
  }

  private static Map<String, @Nullable Object> object(
      Map<String, @Nullable Object> answer, String name) throws InvalidResponseException {
    if (!(answer.get(name) instanceof Map<?, ?> inner)) {
      throw refused(name, "an object", "none");
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    inner.forEach((member, value) -> object.put(String.valueOf(member), value));
    return object;
  }

  private static HttpUrl.Builder url(String path) {
    return HttpUrl.get(Providers.WECHAT_API + path).newBuilder();
  }

  private static InvalidResponseException refused(String member, String expected, String actual) {
    return new InvalidResponseException(
        "malformed_response",
        "WeChat's answer about the mini program cannot be used: "
            + member
            + " should be "
            + expected,
        Verdict.about("the answer of WeChat")
            .failed(member, expected, actual, "WeChat's documentation of mini programs")
            .build());
  }

  /** The app id; no secret. */
  @Override
  public String toString() {
    return "WeChat mini program " + appId;
  }
}
