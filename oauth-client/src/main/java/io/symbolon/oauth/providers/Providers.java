package io.symbolon.oauth.providers;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.internal.Display;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue: providers as they were documented and seen when this version was made. Where one
 * has changed since, write your own value with {@link Provider#named}.
 */
public final class Providers {
  /** The tenant of Microsoft's personal accounts, for {@link #microsoftMultiTenant}. */
  public static final String MICROSOFT_PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";

  private static final String EXAMPLE_TENANT = "00000000-0000-0000-0000-000000000000";
  private static final String MICROSOFT = "https://login.microsoftonline.com/";
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** What a server can do that has all of the standard. */
  private static final String[] EVERYTHING = {
    "login", "refresh", "device", "revocation", "introspection", "client credentials", "logout"
  };

  static final String WECHAT_API = "https://api.weixin.qq.com";
  private static final List<String> WECHAT_TOKEN_REFUSED =
      Collections.unmodifiableList(Arrays.asList("40001", "40014", "42001", "42007"));

  private static final String WECOM_API = "https://qyapi.weixin.qq.com";
  private static final List<String> WECOM_TOKEN_REFUSED =
      Collections.unmodifiableList(Arrays.asList("40014", "42001"));

  private Providers() {}

  /**
   * Every provider here, for a list. Those that are somebody's in particular are of somebody made
   * up: ask for yours by its method.
   */
  public static List<Provider> catalogue() {
    List<Provider> all = new ArrayList<>();
    all.add(google());
    all.add(microsoft(EXAMPLE_TENANT));
    all.add(microsoftMultiTenant(EXAMPLE_TENANT));
    all.add(apple());
    all.add(gitlab());
    all.add(slack());
    all.add(linkedin());
    all.add(line());
    all.add(kakaoOpenId());
    all.add(auth0("example.eu.auth0.com"));
    all.add(okta("example.okta.com"));
    all.add(keycloak("https://id.example.com", "example"));
    all.add(cognito("eu-central-1", "eu-central-1_EXAMPLE00"));
    all.add(duende("https://id.example.com"));
    all.add(github());
    all.add(facebook());
    all.add(instagram());
    all.add(linkedinApi());
    all.add(slackApp());
    all.add(slackUser());
    all.add(discord());
    all.add(twitch());
    all.add(x());
    all.add(zoom());
    all.add(zoomServer("example"));
    all.add(atlassian());
    all.add(bitbucket());
    all.add(dropbox());
    all.add(spotify());
    all.add(amazon());
    all.add(salesforce());
    all.add(kakao());
    all.add(naver());
    all.add(yandex());
    all.add(vk());
    all.add(vkLegacy());
    all.add(paypal());
    all.add(ebay("example"));
    all.add(fitbit());
    all.add(mailchimp());
    all.add(stackExchange("example"));
    all.add(shopify("example.myshopify.com"));
    all.add(foursquare());
    all.add(withings());
    all.add(wechat());
    all.add(wechatOfficialAccount());
    all.add(wechatOfficialAccountBase());
    all.add(wechatApp());
    all.add(wechatServer());
    all.add(wechatServerLegacy());
    all.add(wecom());
    all.add(wecomInApp());
    all.add(qq());
    all.add(weibo());
    all.add(exampleAlipay());
    all.add(dingtalk());
    all.add(dingtalkApp());
    all.add(feishu());
    all.add(lark());
    all.add(feishuApp());
    all.add(feishuPassport());
    all.add(douyin());
    all.add(douyinMiniApp());
    all.add(tiktok());
    all.add(kuaishou());
    all.add(bilibili());
    all.add(baidu());
    all.add(gitee());
    all.add(huawei());
    return Collections.unmodifiableList(all);
  }

  private static Provider exampleAlipay() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair keys = generator.generateKeyPair();
      Base64.Encoder base64 = Base64.getEncoder();
      return alipay(
          Secret.of(base64.encodeToString(keys.getPrivate().getEncoded())),
          base64.encodeToString(keys.getPublic().getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has RSA", e);
    }
  }

  /**
   * Google. Refresh tokens come only for {@code access_type=offline}, and only when the user was
   * asked to agree: {@code prompt=consent}. Whose Workspace the user is in says the claim {@code
   * hd} alone.
   */
  public static Provider google() {
    Dialect dialect =
        Dialect.builder()
            .issuerAlias("accounts.google.com")
            .without("urn:ietf:params:oauth:grant-type:jwt-bearer", "client_id")
            .member("verification_url", "verification_uri")
            .build();
    return Provider.named("Google", "https://developers.google.com/identity/openid-connect")
        .issuer("https://accounts.google.com", dialect)
        .scope("profile email")
        .can("login", "refresh", "device", "revocation")
        .build();
  }

  /**
   * Microsoft Entra ID, the users of one tenant. The subject is good for this client alone; {@code
   * oid} together with {@code tid} names the user to all of them.
   *
   * @param tenantId the Directory (tenant) ID; a domain name will not do, because tokens name the
   *     ID
   * @throws IllegalArgumentException when it is not a UUID
   */
  public static Provider microsoft(String tenantId) {
    return entra("Microsoft Entra ID")
        .issuer(MICROSOFT + requiredUuid(tenantId) + "/v2.0")
        .can("login", "refresh", "device", "client credentials", "logout")
        .build();
  }

  /**
   * Microsoft Entra ID, the users of these tenants and of no other; {@link #MICROSOFT_PERSONAL} for
   * personal accounts. Anybody can have a tenant, and name its users as they like.
   *
   * @throws IllegalArgumentException when one is not a UUID
   */
  public static Provider microsoftMultiTenant(String tenantId, String... others) {
    Set<String> allowed = new LinkedHashSet<>();
    allowed.add(requiredUuid(tenantId));
    for (String other : others) {
      allowed.add(requiredUuid(other));
    }
    Dialect dialect =
        Dialect.builder().issuerOfTenants(MICROSOFT + "{tenantid}/v2.0", "tid", allowed).build();
    String meeting = allowed.contains(MICROSOFT_PERSONAL) ? "common" : "organizations";
    return entra("Microsoft Entra ID, several tenants")
        .issuer(MICROSOFT + meeting + "/v2.0", dialect)
        .can("login", "refresh", "device", "logout")
        .build();
  }

  private static Provider.Builder entra(String name) {
    return Provider.named(name, "https://learn.microsoft.com/entra/identity-platform")
        .scope("profile email");
  }

  private static String requiredUuid(String tenantId) {
    if (!UUID_TEXT.matcher(tenantId).matches()) {
      throw new IllegalArgumentException(
          "a tenant is named by its ID, a UUID in lower case, not by " + Display.quote(tenantId));
    }
    return tenantId;
  }

  /**
   * Apple. The client secret is a JWT: {@link ClientAuthentication#postSigned}. The browser comes
   * back with a POST from Apple's site, so that a cookie needs {@code SameSite=None} to be there.
   * The name comes at the first login only, unsigned, as the member {@code user} of the tokens.
   */
  public static Provider apple() {
    Dialect dialect =
        Dialect.builder()
            .issuerAlias("https://account.apple.com")
            .formPost()
            .keepResponseParameter("user")
            .error("user_cancelled_authorize", "access_denied")
            .build();
    return Provider.named("Apple", "https://developer.apple.com/documentation/signinwithapple")
        .issuer("https://appleid.apple.com", dialect)
        .authentication(ClientAuthentication::post)
        .scope("name email")
        .can("login", "refresh", "revocation")
        .build();
  }

  /** GitLab at gitlab.com. */
  public static Provider gitlab() {
    return gitlab("https://gitlab.com");
  }

  /** GitLab at a place of its own, such as {@code https://gitlab.example.com}. */
  public static Provider gitlab(String url) {
    return Provider.named("GitLab", "https://docs.gitlab.com/integration/openid_connect_provider/")
        .issuer(url)
        .scope("profile email")
        .can("login", "refresh", "revocation")
        .build();
  }

  /** Sign in with Slack: who the user is, and nothing that an app for Slack can do. */
  public static Provider slack() {
    Dialect dialect =
        Dialect.builder()
            .error("invalid_code", "invalid_grant")
            .error("bad_client_secret", "invalid_client")
            .error("invalid_client_id", "invalid_client")
            .build();
    return Provider.named("Slack", "https://docs.slack.dev/authentication/sign-in-with-slack/")
        .issuer("https://slack.com", dialect)
        .scope("profile email")
        .can("login")
        .build();
  }

  /**
   * LinkedIn. It refuses PKCE, and its ID tokens do not repeat the nonce: that a code belongs to
   * this login is the word of the state alone, so finish logins in the session that began them.
   */
  public static Provider linkedin() {
    Dialect dialect = Dialect.builder().withoutPkce().untiedLogins().bearerUnlessSaid().build();
    return Provider.named(
            "LinkedIn",
            "https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2")
        .issuer("https://www.linkedin.com/oauth", dialect)
        .authentication(ClientAuthentication::post)
        .scope("profile email")
        .can("login")
        .build();
  }

  /** LINE. It is asked to sign ID tokens with a key of its own instead of the channel secret. */
  public static Provider line() {
    Dialect dialect = Dialect.builder().tokenParameter("id_token_key_type", "JWK").build();
    return Provider.named("LINE", "https://developers.line.biz/en/docs/line-login/")
        .issuer("https://access.line.me", dialect)
        .authentication(ClientAuthentication::post)
        .scope("profile")
        .can("login", "refresh", "revocation")
        .build();
  }

  /** Kakao, where OpenID Connect was activated for the application. */
  public static Provider kakaoOpenId() {
    return Provider.named(
            "Kakao, OpenID Connect",
            "https://developers.kakao.com/docs/latest/en/kakaologin/common")
        .issuer("https://kauth.kakao.com")
        .authentication(ClientAuthentication::post)
        .can("login", "refresh")
        .build();
  }

  /**
   * Auth0. Without the parameter {@code audience} the access token is good for the user information
   * only.
   *
   * @param domain such as {@code example.eu.auth0.com}, or your own
   */
  public static Provider auth0(String domain) {
    return Provider.named("Auth0", "https://auth0.com/docs/authenticate")
        .issuer("https://" + domain + "/")
        .scope("profile email")
        .can("login", "refresh", "device", "revocation", "client credentials", "logout")
        .build();
  }

  /**
   * Okta, the authorization server of the organization. It issues access tokens for Okta's own
   * APIs; for yours, use {@link #okta(String, String)}.
   *
   * @param domain such as {@code example.okta.com}
   */
  public static Provider okta(String domain) {
    return oktaAt("https://" + domain);
  }

  /**
   * Okta, another authorization server.
   *
   * @param serverId {@code default}, or the ID of the server
   */
  public static Provider okta(String domain, String serverId) {
    return oktaAt("https://" + domain + "/oauth2/" + serverId);
  }

  private static Provider oktaAt(String issuer) {
    return Provider.named("Okta", "https://developer.okta.com/docs/")
        .issuer(issuer)
        .scope("profile email")
        .can(EVERYTHING)
        .build();
  }

  /**
   * Keycloak.
   *
   * @param url where it is, with {@code /auth} if it has that: {@code https://id.example.com}
   */
  public static Provider keycloak(String url, String realm) {
    return Provider.named("Keycloak", "https://www.keycloak.org/securing-apps/oidc-layers")
        .issuer(url + "/realms/" + realm)
        .scope("profile email")
        .can(EVERYTHING)
        .build();
  }

  /**
   * Amazon Cognito. Access tokens have no audience; only refresh tokens can be revoked. After a
   * logout the browser comes back without the state.
   *
   * @param region such as {@code eu-central-1}
   * @param userPoolId such as {@code eu-central-1_AbCdEfGhI}
   */
  public static Provider cognito(String region, String userPoolId) {
    Dialect dialect = Dialect.builder().parameter("post_logout_redirect_uri", "logout_uri").build();
    return Provider.named(
            "Amazon Cognito", "https://docs.aws.amazon.com/cognito/latest/developerguide/")
        .issuer("https://cognito-idp." + region + ".amazonaws.com/" + userPoolId, dialect)
        .scope("profile email")
        .can("login", "refresh", "revocation", "client credentials", "logout")
        .build();
  }

  /**
   * Duende IdentityServer, or IdentityServer4. Reference tokens are introspected by the API, which
   * has a name and a secret of its own.
   *
   * @param authority where it is, such as {@code https://id.example.com/identity}
   */
  public static Provider duende(String authority) {
    return Provider.named(
            "Duende IdentityServer", "https://docs.duendesoftware.com/identityserver/")
        .issuer(authority)
        .scope("profile")
        .can(EVERYTHING)
        .build();
  }

  /**
   * GitHub, for OAuth Apps and GitHub Apps. Tokens of OAuth Apps do not end by themselves. A user
   * may hide the e-mail address; those of {@code /user/emails} say which one is verified.
   */
  public static Provider github() {
    Dialect dialect =
        Dialect.builder()
            .scopeSeparator(",")
            .error("bad_verification_code", "invalid_grant")
            .error("incorrect_client_credentials", "invalid_client")
            .error("redirect_uri_mismatch", "invalid_grant")
            .error("unverified_user_email", "access_denied")
            .errors(Arrays.asList("bad_refresh_token", "incorrect_device_code"), "invalid_grant")
            .error("device_flow_disabled", "unauthorized_client")
            .build();
    return Provider.named("GitHub", "https://docs.github.com/en/apps/oauth-apps")
        .server(
            server(
                    "https://github.com/login/oauth/authorize",
                    "https://github.com/login/oauth/access_token")
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
   * Facebook, with the version of its Graph API that this catalogue was written for. Versions end
   * after about two years.
   */
  public static Provider facebook() {
    return facebook("v22.0");
  }

  /**
   * Facebook. There are no refresh tokens: a token of two hours becomes one of sixty days with
   * {@code client.grant("fb_exchange_token")} and the token in the parameter of that name. An
   * application that demands {@code appsecret_proof} must add it to its own calls, the one for the
   * user among them.
   *
   * @param graphVersion such as {@code v22.0}
   */
  public static Provider facebook(String graphVersion) {
    String graph =
        "https://graph.facebook.com/" + matching(graphVersion, "v[0-9]{1,3}\\.[0-9]{1,2}");
    Dialect dialect =
        facebookErrors(Dialect.builder())
            .scopeSeparator(",")
            .member("expires", "expires_in")
            .bearerUnlessSaid()
            .errors(Arrays.asList("100", "102", "190"), "invalid_grant")
            .error("101", "invalid_client")
            .error("191", "invalid_request")
            .build();
    Dialect user =
        facebookErrors(Dialect.builder())
            .errors(Arrays.asList("102", "190"), "invalid_token")
            .errors(Arrays.asList("100", "2500"), "invalid_request")
            .error("1", "temporarily_unavailable")
            .tokenRefusedWhen("error.code", "102", "190")
            .member("id", "sub")
            .member("picture.data.url", "picture")
            .build();
    return Provider.named("Facebook", "https://developers.facebook.com/docs/facebook-login")
        .server(
            server(
                    "https://www.facebook.com/" + graphVersion + "/dialog/oauth",
                    graph + "/oauth/access_token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("public_profile email")
        .can("login")
        .userInfo(graph + "/me?fields=id,name,email,picture", user)
        .api("https://graph.facebook.com")
        .build();
  }

  /** A code is 1 too when the secret of the client is wrong, so it is no reason to wait there. */
  private static Dialect.Builder facebookErrors(Dialect.Builder dialect) {
    return dialect
        .anyMediaType()
        .errors("error.code", "error.message")
        .errors(Arrays.asList("2", "4", "17", "341"), "temporarily_unavailable")
        .errors(Arrays.asList("3", "10", "200"), "insufficient_scope")
        .error("368", "access_denied");
  }

  /**
   * Instagram, for the owners of professional accounts. The token ends after an hour and cannot be
   * renewed by this client.
   */
  public static Provider instagram() {
    Dialect dialect =
        Dialect.builder()
            .scopeSeparator(",")
            .envelope("data.0")
            .errors("error_type", "error_message")
            .bearerUnlessSaid()
            .keepMembers("user_id")
            .build();
    Dialect user =
        facebookErrors(Dialect.builder())
            .errors(Arrays.asList("102", "190"), "invalid_token")
            .tokenRefusedWhen("error.code", "102", "190")
            .member("profile_picture_url", "picture")
            .build();
    return Provider.named(
            "Instagram",
            "https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login")
        .server(
            server(
                    "https://www.instagram.com/oauth/authorize",
                    "https://api.instagram.com/oauth/access_token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("instagram_business_basic")
        .can("login")
        .userInfo(
            "https://graph.instagram.com/v22.0/me?fields=user_id,username,name,profile_picture_url",
            user)
        .subject("user_id")
        .api("https://graph.instagram.com")
        .build();
  }

  /**
   * LinkedIn, to call its APIs for a member. It refuses the parameters of PKCE unless they were
   * agreed upon, so the code is protected by the client's secret and the state alone.
   */
  public static Provider linkedinApi() {
    Dialect dialect =
        Dialect.builder().withoutPkce().bearerUnlessSaid().answeredScopeSeparator(",").build();
    return Provider.named(
            "LinkedIn API", "https://learn.microsoft.com/linkedin/shared/authentication")
        .server(
            server(
                    "https://www.linkedin.com/oauth/v2/authorization",
                    "https://www.linkedin.com/oauth/v2/accessToken")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("openid profile email")
        .can("login", "refresh")
        .userInfo("https://api.linkedin.com/v2/userinfo", Dialect.builder().build())
        .api("https://api.linkedin.com")
        .build();
  }

  /** Slack, for an app with a bot: the token is the bot's, and nobody has logged in. */
  public static Provider slackApp() {
    return slack("Slack app", Dialect.builder()).can("refresh").build();
  }

  /** Slack, for an app that acts as the user who agrees. Users have a name for each workspace. */
  public static Provider slackUser() {
    return slack(
            "Slack user",
            Dialect.builder().authorizationName("scope", "user_scope").envelope("authed_user"))
        .can("login", "refresh")
        .userInfo("https://slack.com/api/auth.test", slackApi().member("user", "name").build())
        .pairwiseSubject("user_id", "team_id")
        .build();
  }

  private static Provider.Builder slack(String name, Dialect.Builder dialect) {
    dialect
        .scopeSeparator(",")
        .without("refresh_token", "scope")
        .bearerTypes("bot", "user")
        .errors(
            Arrays.asList("invalid_code", "code_expired", "code_already_used", "token_revoked"),
            "invalid_grant")
        .errors(Arrays.asList("invalid_refresh_token", "token_expired"), "invalid_grant")
        .errors(Arrays.asList("invalid_client_id", "bad_client_secret"), "invalid_client")
        .error("bad_redirect_uri", "invalid_request")
        .error("invalid_grant_type", "unsupported_grant_type");
    return Provider.named(name, "https://docs.slack.dev/authentication/installing-with-oauth")
        .server(
            server("https://slack.com/oauth/v2/authorize", "https://slack.com/api/oauth.v2.access")
                .dialect(slackBusy(dialect).build())
                .build())
        .authentication(ClientAuthentication::basic)
        .api(slackApi().build(), "https://slack.com");
  }

  private static Dialect.Builder slackApi() {
    String[] refused = {"token_expired", "token_revoked", "invalid_auth", "account_inactive"};
    return slackBusy(Dialect.builder())
        .errors(Arrays.asList(refused), "invalid_token")
        .error("missing_scope", "insufficient_scope")
        .tokenRefusedWhen("error", refused);
  }

  private static Dialect.Builder slackBusy(Dialect.Builder dialect) {
    return dialect.errors(
        Arrays.asList("ratelimited", "service_unavailable", "internal_error", "fatal_error"),
        "temporarily_unavailable");
  }

  /**
   * Discord. Revoking either token revokes all tokens of that user for the client, and a client
   * credentials token is one for the owner of the application.
   */
  public static Provider discord() {
    return Provider.named("Discord", "https://docs.discord.com/developers/topics/oauth2")
        .server(
            server("https://discord.com/oauth2/authorize", "https://discord.com/api/oauth2/token")
                .metadata("revocation_endpoint", "https://discord.com/api/oauth2/token/revoke")
                .build())
        .authentication(ClientAuthentication::basic)
        .scope("identify email")
        .can("login", "refresh", "revocation", "client credentials")
        .userInfo(
            "https://discord.com/api/users/@me",
            Dialect.builder()
                .member("id", "sub")
                .member("username", "name")
                .member("global_name", "name")
                .member("verified", "email_verified")
                .build())
        .api("https://discord.com")
        .build();
  }

  /**
   * Twitch. Its API wants the client identifier in a header {@code Client-Id} beside the token, and
   * its rules want each kept token checked every hour: with {@link Provider#identity} for one.
   */
  public static Provider twitch() {
    String oauth = "https://id.twitch.tv/oauth2/";
    Dialect dialect =
        Dialect.builder()
            .errors("status", "message")
            .errors(Arrays.asList("400", "401"), "invalid_grant")
            .error("403", "invalid_client")
            .errors(Arrays.asList("429", "500", "503"), "temporarily_unavailable")
            .keepClientId("client_id")
            .build();
    Dialect validation =
        Dialect.builder()
            .tokenScheme("OAuth")
            .errors("status", "message")
            .error("401", "invalid_token")
            .member("login", "name")
            .build();
    return Provider.named("Twitch", "https://dev.twitch.tv/docs/authentication")
        .server(
            server(oauth + "authorize", oauth + "token")
                .metadata("revocation_endpoint", oauth + "revoke")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .can("login", "refresh", "revocation", "client credentials")
        .userInfoNeeds(oauth + "validate", validation)
        .userInfoParameter("client_id", "client_id")
        .userInTokens()
        .subject("user_id")
        .api("https://api.twitch.tv")
        .build();
  }

  /**
   * X. A refresh token comes with the scope {@code offline.access} only. A client without a secret
   * names itself in the request.
   */
  public static Provider x() {
    return Provider.named("X", "https://docs.x.com/fundamentals/authentication/oauth-2-0")
        .server(
            server("https://x.com/i/oauth2/authorize", "https://api.x.com/2/oauth2/token")
                .metadata("revocation_endpoint", "https://api.x.com/2/oauth2/revoke")
                .build())
        .authentication(ClientAuthentication::basic)
        .scope("users.read tweet.read offline.access")
        .can("login", "refresh", "revocation")
        .userInfo(
            "https://api.x.com/2/users/me?user.fields=profile_image_url",
            Dialect.builder()
                .envelope("data")
                .member("id", "sub")
                .member("profile_image_url", "picture")
                .build())
        .api("https://api.x.com")
        .build();
  }

  /** Zoom, for users who log in. Each refresh token is good once. */
  public static Provider zoom() {
    return zoom("Zoom", Dialect.builder())
        .can("login", "refresh", "revocation")
        .userInfo(
            "https://api.zoom.us/v2/users/me",
            zoomApi()
                .member("id", "sub")
                .member("pic_url", "picture")
                .conform(Providers::named)
                .build())
        .build();
  }

  /**
   * Zoom for a server of the account itself: the client credentials of this value are Zoom's
   * Server-to-Server OAuth. A new token ends the one before, so all processes must share one, in a
   * {@link io.symbolon.oauth.TokenStore} of theirs.
   *
   * @param accountId of the account, from the app's page
   */
  public static Provider zoomServer(String accountId) {
    return zoom(
            "Zoom server",
            Dialect.builder()
                .grantType("client_credentials", "account_credentials")
                .without("client_credentials", "scope")
                .tokenParameter("account_id", accountId))
        .can("client credentials")
        .build();
  }

  private static Provider.Builder zoom(String name, Dialect.Builder dialect) {
    return Provider.named(name, "https://developers.zoom.us/docs/integrations/oauth/")
        .server(
            server("https://zoom.us/oauth/authorize", "https://zoom.us/oauth/token")
                .metadata("revocation_endpoint", "https://zoom.us/oauth/revoke")
                .dialect(dialect.errors("error", "reason").build())
                .build())
        .authentication(ClientAuthentication::basic)
        .api(zoomApi().build(), "https://api.zoom.us");
  }

  private static Dialect.Builder zoomApi() {
    return Dialect.builder()
        .errors("code", "message")
        .error("124", "invalid_token")
        .error("429", "temporarily_unavailable")
        .tokenRefusedWhen("code", "124");
  }

  /**
   * Atlassian: Jira, Confluence and the others. Tokens are good at {@code api.atlassian.com} only,
   * never at the site itself, and each refresh token is good once.
   */
  public static Provider atlassian() {
    return Provider.named(
            "Atlassian", "https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/")
        .server(
            server("https://auth.atlassian.com/authorize", "https://auth.atlassian.com/oauth/token")
                .dialect(
                    Dialect.builder()
                        .authorizationParameter("audience", "api.atlassian.com")
                        .authorizationParameter("prompt", "consent")
                        .build())
                .build())
        .authentication(ClientAuthentication::post)
        .scope("read:me offline_access")
        .can("login", "refresh")
        .userInfo(
            "https://api.atlassian.com/me", Dialect.builder().member("account_id", "sub").build())
        .api("https://api.atlassian.com")
        .build();
  }

  /** Bitbucket Cloud. */
  public static Provider bitbucket() {
    String oauth = "https://bitbucket.org/site/oauth2/";
    return Provider.named("Bitbucket", "https://developer.atlassian.com/cloud/bitbucket/oauth-2/")
        .server(server(oauth + "authorize", oauth + "access_token").build())
        .authentication(ClientAuthentication::basic)
        .scope("account")
        .can("login", "refresh", "client credentials")
        .userInfo(
            "https://api.bitbucket.org/2.0/user",
            Dialect.builder()
                .member("uuid", "sub")
                .member("display_name", "name")
                .member("links.avatar.href", "picture")
                .build())
        .api("https://api.bitbucket.org")
        .build();
  }

  /**
   * Dropbox. The token response says who the user is. Dropbox has two names for them: that of the
   * account is the one to keep.
   */
  public static Provider dropbox() {
    Dialect dialect =
        Dialect.builder()
            .authorizationParameter("token_access_type", "offline")
            .keepMembers("account_id")
            .build();
    return Provider.named("Dropbox", "https://developers.dropbox.com/oauth-guide")
        .server(
            server(
                    "https://www.dropbox.com/oauth2/authorize",
                    "https://api.dropboxapi.com/oauth2/token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .can("login", "refresh")
        .userInTokens()
        .subject("account_id")
        .api("https://api.dropboxapi.com", "https://content.dropboxapi.com")
        .build();
  }

  /**
   * Spotify. Six months after the login the refresh token ends, however often it was used; the user
   * logs in again then.
   */
  public static Provider spotify() {
    return Provider.named(
            "Spotify", "https://developer.spotify.com/documentation/web-api/concepts/authorization")
        .server(
            server(
                    "https://accounts.spotify.com/authorize",
                    "https://accounts.spotify.com/api/token")
                .build())
        .authentication(ClientAuthentication::basic)
        .scope("user-read-private user-read-email")
        .can("login", "refresh", "client credentials")
        .userInfo(
            "https://api.spotify.com/v1/me",
            Dialect.builder()
                .member("id", "sub")
                .member("display_name", "name")
                .member("images.0.url", "picture")
                .build())
        .api("https://api.spotify.com")
        .build();
  }

  /** Login with Amazon. A client without a secret gets no refresh token. */
  public static Provider amazon() {
    return Provider.named("Amazon", "https://developer.amazon.com/docs/login-with-amazon/")
        .server(
            server("https://www.amazon.com/ap/oa", "https://api.amazon.com/auth/o2/token").build())
        .authentication(ClientAuthentication::post)
        .scope("profile")
        .can("login", "refresh")
        .userInfo(
            "https://api.amazon.com/user/profile",
            Dialect.builder().member("user_id", "sub").build())
        .api("https://api.amazon.com")
        .build();
  }

  /** Salesforce, from its common login page. */
  public static Provider salesforce() {
    return salesforce("login.salesforce.com");
  }

  /**
   * Salesforce. It does not say when a token ends; a call that is refused says it. The API is where
   * the {@code instance_url} of the {@link io.symbolon.oauth.TokenSet} says.
   *
   * @param host such as {@code test.salesforce.com}, or that of your own domain
   */
  public static Provider salesforce(String host) {
    String oauth = "https://" + host(host, "") + "/services/oauth2/";
    return Provider.named(
            "Salesforce",
            "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_authenticate.htm")
        .server(
            server(oauth + "authorize", oauth + "token")
                .metadata("revocation_endpoint", oauth + "revoke")
                .metadata("introspection_endpoint", oauth + "introspect")
                .build())
        .authentication(ClientAuthentication::post)
        .scope("openid api refresh_token")
        .can("login", "refresh", "revocation", "introspection")
        .userInfo(oauth + "userinfo", Dialect.builder().build())
        .build();
  }

  /** Kakao. */
  public static Provider kakao() {
    return Provider.named(
            "Kakao", "https://developers.kakao.com/docs/latest/en/kakaologin/rest-api")
        .server(
            server("https://kauth.kakao.com/oauth/authorize", "https://kauth.kakao.com/oauth/token")
                .dialect(Dialect.builder().scopeSeparator(",").build())
                .build())
        .authentication(ClientAuthentication::post)
        .can("login", "refresh")
        .userInfo(
            "https://kapi.kakao.com/v2/user/me",
            Dialect.builder()
                .errors("code", "msg")
                .error("-401", "invalid_token")
                .member("id", "sub")
                .member("kakao_account.profile.nickname", "name")
                .member("kakao_account.profile.profile_image_url", "picture")
                .conform(Providers::kakaoEmail)
                .build())
        .api("https://kapi.kakao.com")
        .build();
  }

  /** An address may have been verified once and be another user's now. */
  private static Map<String, @Nullable Object> kakaoEmail(Map<String, @Nullable Object> answer) {
    Map<String, @Nullable Object> user = new LinkedHashMap<>(answer);
    if (answer.get("kakao_account") instanceof Map<?, ?> account) {
      user.put("email", account.get("email"));
      user.put(
          "email_verified",
          Boolean.TRUE.equals(account.get("is_email_verified"))
              && Boolean.TRUE.equals(account.get("is_email_valid")));
    }
    return user;
  }

  /** Naver. The e-mail address is one that the user wrote; nobody says that it is theirs. */
  public static Provider naver() {
    return Provider.named("Naver", "https://developers.naver.com/docs/login/api/api.md")
        .server(
            server(
                    "https://nid.naver.com/oauth2.0/authorize",
                    "https://nid.naver.com/oauth2.0/token")
                .dialect(Dialect.builder().withoutPkce().repeatResponseParameter("state").build())
                .build())
        .authentication(ClientAuthentication::post)
        .can("login", "refresh")
        .userInfo(
            "https://openapi.naver.com/v1/nid/me",
            Dialect.builder()
                .errors("resultcode", "message")
                .successCodes("00")
                .error("024", "invalid_token")
                .tokenRefusedWhen("resultcode", "024")
                .envelope("response")
                .member("id", "sub")
                .member("profile_image", "picture")
                .build())
        .api("https://openapi.naver.com")
        .build();
  }

  /**
   * Yandex. Both tokens of an answer end together, and a renewal may bring the same access token
   * with a longer life.
   */
  public static Provider yandex() {
    String oauth = "https://oauth.yandex.com/";
    Dialect dialect =
        Dialect.builder()
            .grantType("urn:ietf:params:oauth:grant-type:device_code", "device_code")
            .parameter("device_code", "code")
            .member("verification_url", "verification_uri")
            .build();
    return Provider.named("Yandex", "https://yandex.com/dev/id/doc/en/")
        .server(
            server(oauth + "authorize", oauth + "token")
                .metadata("device_authorization_endpoint", oauth + "device/code")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::basic)
        .can("login", "refresh", "device")
        .userInfo(
            "https://login.yandex.ru/info?format=json",
            Dialect.builder()
                .tokenScheme("OAuth")
                .member("id", "sub")
                .member("real_name", "name")
                .member("default_email", "email")
                .build())
        .api("https://login.yandex.ru")
        .build();
  }

  /**
   * VK ID. It gives each browser a device identifier, which goes along with everything that is
   * asked of it later; keep the whole token set. The secret of a client that has one is its service
   * token.
   */
  public static Provider vk() {
    Dialect dialect =
        Dialect.builder()
            .parameter("client_secret", "service_token")
            .repeatResponseParameter("device_id")
            .keepResponseParameter("device_id")
            .repeatResponseParameter("state")
            .keepResponseParameter("state")
            .without("refresh_token", "scope")
            .keepClientId("client_id")
            .keepMembers("user_id")
            .build();
    Dialect user =
        Dialect.builder()
            .tokenInForm("access_token")
            .envelope("user")
            .member("avatar", "picture")
            .conform(Providers::named)
            .build();
    return Provider.named("VK ID", "https://id.vk.com/about/business/go/docs")
        .server(
            server("https://id.vk.ru/authorize", "https://id.vk.ru/oauth2/auth")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("vkid.personal_info email")
        .can("login", "refresh")
        .userInfo("https://id.vk.ru/oauth2/user_info", user)
        .userInfoParameter("client_id", "client_id")
        .subject("user_id")
        .build();
  }

  /** VK for applications from before VK ID. An e-mail address comes with the tokens only. */
  public static Provider vkLegacy() {
    Dialect user =
        Dialect.builder()
            .tokenInQuery("access_token")
            .errors("error.error_code", "error.error_msg")
            .error("5", "invalid_token")
            .error("6", "temporarily_unavailable")
            .tokenRefusedWhen("error.error_code", "5")
            .envelope("response.0")
            .member("id", "user_id")
            .member("photo_200", "picture")
            .conform(Providers::named)
            .build();
    return Provider.named("VK, legacy", "https://dev.vk.com/en/api/access-token/getting-started")
        .server(
            server("https://oauth.vk.com/authorize", "https://oauth.vk.com/access_token")
                .dialect(
                    Dialect.builder()
                        .scopeSeparator(",")
                        .bearerUnlessSaid()
                        .keepMembers("user_id")
                        .build())
                .build())
        .authentication(ClientAuthentication::post)
        .can("login")
        .userInfo("https://api.vk.com/method/users.get?v=5.131&fields=photo_200", user)
        .subject("user_id")
        .api("https://api.vk.com")
        .build();
  }

  /** A name of two parts, where there is no whole one. */
  private static Map<String, @Nullable Object> named(Map<String, @Nullable Object> answer) {
    Map<String, @Nullable Object> user = new LinkedHashMap<>(answer);
    List<String> parts = new ArrayList<>();
    for (String member : Arrays.asList("first_name", "firstName", "last_name", "lastName")) {
      if (answer.get(member) instanceof String part && !part.isEmpty()) {
        parts.add(part);
      }
    }
    if (!(answer.get("name") instanceof String) && !parts.isEmpty()) {
      user.put("name", String.join(" ", parts));
    }
    return user;
  }

  /** PayPal, for logins and for calls as the merchant. */
  public static Provider paypal() {
    return Provider.named("PayPal", "https://developer.paypal.com/docs/log-in-with-paypal/")
        .server(
            server(
                    "https://www.paypal.com/signin/authorize",
                    "https://api-m.paypal.com/v1/oauth2/token")
                .build())
        .authentication(ClientAuthentication::basic)
        .scope("openid profile email")
        .can("login", "refresh", "client credentials")
        .userInfo(
            "https://api-m.paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1",
            Dialect.builder().member("user_id", "sub").member("emails.0.value", "email").build())
        .api("https://api-m.paypal.com")
        .build();
  }

  /**
   * eBay. The redirect URI that it is told is not a URL but the RuName of one; the browser comes
   * back to the URL behind that name, which is the redirect URI of the login here.
   */
  public static Provider ebay(String ruName) {
    Dialect dialect =
        Dialect.builder()
            .authorizationWithout("redirect_uri")
            .authorizationParameter("redirect_uri", ruName)
            .completingRequests((parameters, now) -> withRuName(parameters, ruName))
            .bearerTypes("User Access Token", "Application Access Token")
            .build();
    return Provider.named("eBay", "https://developer.ebay.com/api-docs/static/oauth-tokens.html")
        .server(
            server(
                    "https://auth.ebay.com/oauth2/authorize",
                    "https://api.ebay.com/identity/v1/oauth2/token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::basic)
        .scope("https://api.ebay.com/oauth/api_scope/commerce.identity.readonly")
        .can("login", "refresh", "client credentials")
        .userInfo(
            "https://apiz.ebay.com/commerce/identity/v1/user/",
            Dialect.builder().member("userId", "sub").member("username", "name").build())
        .api("https://api.ebay.com", "https://apiz.ebay.com")
        .build();
  }

  private static Map<String, String> withRuName(Map<String, String> parameters, String ruName) {
    Map<String, String> complete = new LinkedHashMap<>(parameters);
    complete.computeIfPresent("redirect_uri", (name, url) -> ruName);
    return complete;
  }

  /** Fitbit. */
  public static Provider fitbit() {
    String api = "https://api.fitbit.com/";
    Dialect dialect =
        fitbitErrors()
            .error("expired_token", "invalid_grant")
            .error("invalid_token", "invalid_grant")
            .keepMembers("user_id")
            .build();
    Dialect user =
        fitbitErrors()
            .error("expired_token", "invalid_token")
            .envelope("user")
            .member("encodedId", "user_id")
            .member("displayName", "name")
            .member("avatar", "picture")
            .build();
    return Provider.named(
            "Fitbit",
            "https://dev.fitbit.com/build/reference/web-api/developer-guide/authorization/")
        .server(
            server("https://www.fitbit.com/oauth2/authorize", api + "oauth2/token")
                .metadata("revocation_endpoint", api + "oauth2/revoke")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::basic)
        .scope("profile")
        .can("login", "refresh", "revocation")
        .userInfo(api + "1/user/-/profile.json", user)
        .subject("user_id")
        .api("https://api.fitbit.com")
        .build();
  }

  private static Dialect.Builder fitbitErrors() {
    return Dialect.builder().errors("errors.0.errorType", "errors.0.message");
  }

  /** Mailchimp. Tokens do not end; the API is at the {@code api_endpoint} of the identity. */
  public static Provider mailchimp() {
    String oauth = "https://login.mailchimp.com/oauth2/";
    return Provider.named(
            "Mailchimp",
            "https://mailchimp.com/developer/marketing/guides/access-user-data-oauth-2/")
        .server(
            server(oauth + "authorize", oauth + "token")
                .dialect(Dialect.builder().bearerUnlessSaid().build())
                .build())
        .authentication(ClientAuthentication::post)
        .can("login")
        .userInfo(
            oauth + "metadata",
            Dialect.builder()
                .tokenScheme("OAuth")
                .member("login.login_id", "sub")
                .member("login.login_name", "name")
                .member("login.login_email", "email")
                .build())
        .build();
  }

  /**
   * Stack Overflow and the other sites of Stack Exchange. Users are those of the whole network.
   *
   * @param key the request key of the application; it is no secret
   */
  public static Provider stackExchange(String key) {
    Dialect user =
        Dialect.builder()
            .tokenInQuery("access_token")
            .errors("error_id", "error_message")
            .errors(Arrays.asList("401", "402", "406"), "invalid_token")
            .error("403", "access_denied")
            .errors(Arrays.asList("500", "502", "503"), "temporarily_unavailable")
            .tokenRefusedWhen("error_id", "402", "406")
            .envelope("items.0")
            .member("account_id", "sub")
            .member("display_name", "name")
            .member("profile_image", "picture")
            .build();
    String me =
        HttpUrl.get("https://api.stackexchange.com/2.3/me?site=stackoverflow")
            .newBuilder()
            .addQueryParameter("key", key)
            .build()
            .toString();
    return Provider.named("Stack Exchange", "https://api.stackexchange.com/docs/authentication")
        .server(
            server(
                    "https://stackoverflow.com/oauth",
                    "https://stackoverflow.com/oauth/access_token/json")
                .dialect(
                    Dialect.builder()
                        .anyMediaType()
                        .scopeSeparator(",")
                        .member("expires", "expires_in")
                        .bearerUnlessSaid()
                        .build())
                .build())
        .authentication(ClientAuthentication::post)
        .can("login")
        .userInfo(me, user)
        .api("https://api.stackexchange.com")
        .build();
  }

  /**
   * Shopify, for one shop. Tokens are the shop's and do not end, and nobody has logged in. The shop
   * often comes from outside, with the request that starts it all, and is told the client's secret:
   * it is refused unless it is one at Shopify.
   *
   * @param shop such as {@code example.myshopify.com}
   * @throws IllegalArgumentException when it is not a name that ends like that
   */
  public static Provider shopify(String shop) {
    String origin = "https://" + host(shop, ".myshopify.com");
    return Provider.named(
            "Shopify", "https://shopify.dev/docs/apps/build/authentication-authorization")
        .server(
            server(origin + "/admin/oauth/authorize", origin + "/admin/oauth/access_token")
                .dialect(Dialect.builder().scopeSeparator(",").bearerUnlessSaid().build())
                .build())
        .authentication(ClientAuthentication::post)
        .api(Dialect.builder().tokenInHeader("X-Shopify-Access-Token").build(), origin)
        .build();
  }

  /** Foursquare. Tokens do not end. */
  public static Provider foursquare() {
    Dialect user =
        Dialect.builder()
            .tokenInQuery("oauth_token")
            .errors("meta.errorType", "meta.errorDetail")
            .error("invalid_auth", "invalid_token")
            .error("rate_limit_exceeded", "temporarily_unavailable")
            .error("not_authorized", "insufficient_scope")
            .envelope("response.user")
            .member("id", "sub")
            .conform(Providers::named)
            .build();
    return Provider.named(
            "Foursquare", "https://docs.foursquare.com/developer/reference/authentication")
        .server(
            server(
                    "https://foursquare.com/oauth2/authenticate",
                    "https://foursquare.com/oauth2/access_token")
                .dialect(Dialect.builder().bearerUnlessSaid().build())
                .build())
        .authentication(ClientAuthentication::post)
        .can("login")
        .userInfo("https://api.foursquare.com/v2/users/self?v=20231010", user)
        .api("https://api.foursquare.com")
        .build();
  }

  /**
   * Withings. It answers with HTTP 200 whatever happened, and its codes say little: a code or a
   * refresh token that is no longer good looks like any other parameter that is wrong.
   */
  public static Provider withings() {
    Dialect dialect =
        Dialect.builder()
            .tokenParameter("action", "requesttoken")
            .scopeSeparator(",")
            .without("refresh_token", "scope")
            .errors("status", "error")
            .errors(Arrays.asList("401", "503"), "invalid_grant")
            .error("601", "temporarily_unavailable")
            .envelope("body")
            .keepMembers("userid")
            .build();
    Dialect api =
        Dialect.builder()
            .errors("status", "error")
            .error("401", "invalid_token")
            .error("601", "temporarily_unavailable")
            .tokenRefusedWhen("status", "401")
            .envelope("body")
            .build();
    return Provider.named(
            "Withings", "https://developer.withings.com/developer-guide/v3/integration-guide/")
        .server(
            server(
                    "https://account.withings.com/oauth2_user/authorize2",
                    "https://wbsapi.withings.net/v2/oauth2")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("user.info")
        .can("login", "refresh")
        .userInTokens()
        .subject("userid")
        .api(api, "https://wbsapi.withings.net")
        .build();
  }

  private static String matching(String text, String pattern) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException(Display.quote(text) + " is not of the form " + pattern);
    }
    return text;
  }

  /** A plain host name: nothing in it can lead a secret elsewhere. */
  private static String host(String host, String end) {
    if (!host.matches("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})+") || !host.endsWith(end)) {
      throw new IllegalArgumentException(
          Display.quote(host) + " is not the name of a host" + (end.isEmpty() ? "" : " at " + end));
    }
    return host;
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

  /**
   * QQ. Its users have another {@code openid} at each application, unless Tencent lets yours see
   * the {@code unionid}.
   */
  public static Provider qq() {
    Dialect dialect =
        qqErrors(Dialect.builder())
            .queryRequests()
            .tokenParameter("fmt", "json")
            .keepClientId("client_id")
            .scopeSeparator(",")
            .withoutPkce()
            .bearerUnlessSaid()
            .errors(Arrays.asList("100013", "100014", "100015", "100016"), "invalid_grant")
            .build();
    Dialect user =
        qqApi()
            .errors("ret", "msg")
            .tokenRefusedWhen("ret", "100013", "100014", "100015", "100016")
            .member("nickname", "name")
            .member("figureurl_qq_1", "picture")
            .member("figureurl_qq_2", "picture")
            .build();
    return Provider.named("QQ", "https://wiki.connect.qq.com/")
        .server(
            server("https://graph.qq.com/oauth2.0/authorize", "https://graph.qq.com/oauth2.0/token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("get_user_info")
        .can("login", "refresh")
        .userInfoNeeds("https://graph.qq.com/oauth2.0/me?fmt=json&unionid=1", qqApi().build())
        .userInfo("https://graph.qq.com/user/get_user_info", user)
        .userInfoParameter("oauth_consumer_key", "client_id")
        .userInfoParameter("openid", "openid")
        .subject("unionid")
        .pairwiseSubject("openid", "client_id")
        .api("https://graph.qq.com")
        .build();
  }

  private static Dialect.Builder qqApi() {
    return qqErrors(Dialect.builder())
        .tokenInQuery("access_token")
        .errors(Arrays.asList("100013", "100014", "100015", "100016"), "invalid_token");
  }

  private static Dialect.Builder qqErrors(Dialect.Builder dialect) {
    return dialect
        .anyMediaType()
        .errors("error", "error_description")
        .errors("code", "msg")
        .errors(
            Arrays.asList("100018", "100019", "100020", "100021", "100022", "100006"),
            "invalid_grant")
        .errors(Arrays.asList("100001", "100002", "100008", "100009", "100011"), "invalid_client")
        .errors(Arrays.asList("100030", "100031"), "insufficient_scope")
        .errors(
            Arrays.asList("100000", "100004", "100005", "100010", "100012", "100029"),
            "invalid_request");
  }

  /** Weibo. Refresh tokens are for its own SDK on phones: on the web users log in again. */
  public static Provider weibo() {
    Dialect dialect =
        Dialect.builder()
            .scopeSeparator(",")
            .withoutPkce()
            .bearerUnlessSaid()
            .error("expired_token", "invalid_grant")
            .error("redirect_uri_mismatch", "invalid_request")
            .parameter("token", "access_token")
            .keepMembers("uid")
            .conform(Providers::weiboTokenInfo)
            .build();
    String[] refused = {"21314", "21315", "21316", "21317", "21327", "21332"};
    Dialect user =
        Dialect.builder()
            .tokenScheme("OAuth2")
            .errors("error_code", "error")
            .errors(Arrays.asList(refused), "invalid_token")
            .errors(Arrays.asList("10022", "10023", "10024"), "temporarily_unavailable")
            .tokenRefusedWhen("error_code", refused)
            .member("id", "uid")
            .member("screen_name", "name")
            .member("profile_image_url", "picture")
            .build();
    return Provider.named("Weibo", "https://open.weibo.com/wiki/Oauth2")
        .server(
            server(
                    "https://api.weibo.com/oauth2/authorize",
                    "https://api.weibo.com/oauth2/access_token")
                .metadata("introspection_endpoint", "https://api.weibo.com/oauth2/get_token_info")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .can("login", "introspection")
        .userInfo("https://api.weibo.com/2/users/show.json", user)
        .userInfoParameter("uid", "uid")
        .subject("uid")
        .api("https://api.weibo.com")
        .build();
  }

  /** What Weibo says about a token, in the words of RFC 7662. */
  private static Map<String, @Nullable Object> weiboTokenInfo(
      Map<String, @Nullable Object> answer) {
    if (!(answer.get("expire_in") instanceof Number left)) {
      return answer;
    }
    Map<String, @Nullable Object> info = new LinkedHashMap<>(answer);
    info.put("active", left.longValue() > 0);
    info.put("sub", String.valueOf(answer.get("uid")));
    info.put("client_id", String.valueOf(answer.get("appkey")));
    return info;
  }

  /**
   * Alipay, through its gateway where both sides sign. The client identifier is the APPID; there is
   * no client secret. Keys as the console shows them, in Base64; certificates instead of keys are
   * not offered.
   *
   * @param applicationKey the application's private key (PKCS #8)
   * @param alipayKey Alipay's public key, not the application's
   * @throws IllegalArgumentException when a key is no RSA key of 2048 bits or more
   */
  public static Provider alipay(Secret applicationKey, String alipayKey) {
    Rsa2Gateway gateway = new Rsa2Gateway(applicationKey, alipayKey);
    String url = "https://openapi.alipay.com/gateway.do";
    Dialect dialect =
        alipay(gateway)
            .parameter("client_id", "app_id")
            .keepClientId("app_id")
            .keepMembers("user_id", "open_id")
            .authorizationWithout("response_type")
            .responseParameter("auth_code", "code")
            .tokenParameter("method", "alipay.system.oauth.token")
            .without("authorization_code", "redirect_uri")
            .without("refresh_token", "scope")
            .scopeSeparator(",")
            .withoutPkce()
            .bearerUnlessSaid()
            .envelope("alipay_system_oauth_token_response")
            .build();
    Dialect user =
        alipay(gateway)
            .tokenInForm("auth_token")
            .envelope("alipay_user_info_share_response")
            .member("nick_name", "name")
            .member("avatar", "picture")
            .build();
    return Provider.named("Alipay", "https://opendocs.alipay.com/open/284/web")
        .server(
            server("https://openauth.alipay.com/oauth2/publicAppAuthorize.htm", url)
                .dialect(dialect)
                .build())
        .authentication(secret -> ClientAuthentication.none())
        .scope("auth_user")
        .can("login", "refresh")
        .userInfo(url + "?method=alipay.user.info.share", user)
        .userInfoParameter("app_id", "app_id")
        .subject("user_id")
        .pairwiseSubject("open_id", "app_id")
        .build();
  }

  private static Dialect.Builder alipay(Rsa2Gateway gateway) {
    return Dialect.builder()
        .anyMediaType()
        .completingRequests(gateway::completed)
        .authenticAnswers(gateway::isAuthentic)
        .errors("error_response.sub_code", "error_response.sub_msg")
        .errors("error_response.code", "error_response.msg")
        .errors("sub_code", "sub_msg")
        .errors("code", "msg")
        .successCodes("10000")
        .errors(
            Arrays.asList(
                "isv.code-invalid", "isv.refresh-token-invalid", "isv.refresh-token-time-out"),
            "invalid_grant")
        .errors(
            Arrays.asList("aop.invalid-auth-token", "aop.auth-token-time-out", "20001"),
            "invalid_token")
        .errors(Arrays.asList("isv.invalid-app-id", "isv.invalid-signature"), "invalid_client")
        .errors(
            Arrays.asList("isp.unknow-error", "isv.app-call-limited", "20000"),
            "temporarily_unavailable");
  }

  /**
   * DingTalk, its API of 2021 and later. Users agree each time, or no code comes; nobody is logged
   * in silently.
   */
  public static Provider dingtalk() {
    String api = "https://api.dingtalk.com/v1.0/";
    Dialect dialect =
        dingtalkErrors(Dialect.builder())
            .jsonRequests()
            .parameter("client_id", "clientId")
            .authorizationName("client_id", "client_id")
            .parameter("client_secret", "clientSecret")
            .parameter("grant_type", "grantType")
            .parameter("refresh_token", "refreshToken")
            .authorizationParameter("prompt", "consent")
            .responseParameter("authCode", "code")
            .without("authorization_code", "redirect_uri")
            .without("refresh_token", "scope")
            .withoutPkce()
            .bearerUnlessSaid()
            .member("accessToken", "access_token")
            .member("refreshToken", "refresh_token")
            .member("expireIn", "expires_in")
            .build();
    return Provider.named("DingTalk", "https://open.dingtalk.com/document/orgapp/obtain-user-token")
        .server(
            server("https://login.dingtalk.com/oauth2/auth", api + "oauth2/userAccessToken")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("openid")
        .can("login", "refresh")
        .userInfo(
            api + "contact/users/me",
            dingtalkApi().member("nick", "name").member("avatarUrl", "picture").build())
        .subject("unionId")
        .standIn("visitor")
        .api("https://api.dingtalk.com")
        .build();
  }

  /**
   * DingTalk, for an application by itself. Whoever asks again gets the token that there is, so
   * that any number of processes may ask.
   */
  public static Provider dingtalkApp() {
    String api = "https://api.dingtalk.com/v1.0/";
    Dialect dialect =
        dingtalkErrors(Dialect.builder())
            .jsonRequests()
            .parameter("client_id", "appKey")
            .parameter("client_secret", "appSecret")
            .without("client_credentials", "grant_type")
            .bearerUnlessSaid()
            .member("accessToken", "access_token")
            .member("expireIn", "expires_in")
            .build();
    return Provider.named(
            "DingTalk application",
            "https://open.dingtalk.com/document/orgapp/obtain-the-access_token-of-an-internal-app")
        .server(
            AuthorizationServer.builder()
                .tokenEndpoint(api + "oauth2/accessToken")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .can("client credentials")
        .api(dingtalkApi().build(), "https://api.dingtalk.com")
        .build();
  }

  private static Dialect.Builder dingtalkApi() {
    return dingtalkErrors(Dialect.builder())
        .tokenInHeader("x-acs-dingtalk-access-token")
        .error("InvalidAuthentication", "invalid_token")
        .tokenRefusedWhen("code", "InvalidAuthentication");
  }

  private static Dialect.Builder dingtalkErrors(Dialect.Builder dialect) {
    return dialect
        .errors("code", "message")
        .error("invalidParameter.authCode.notFound", "invalid_grant")
        .errors(Arrays.asList("ServiceUnavailable", "InternalError"), "temporarily_unavailable");
  }

  /**
   * Feishu. A refresh token comes with the scope {@code offline_access} only, and is good for one
   * use.
   */
  public static Provider feishu() {
    return feishu(
        "Feishu",
        "https://accounts.feishu.cn/open-apis/authen/v1/authorize",
        "https://accounts.feishu.cn/oauth/v3/token",
        "https://open.feishu.cn");
  }

  /** Lark, which is Feishu outside China, with accounts of its own. */
  public static Provider lark() {
    return feishu(
        "Lark",
        "https://accounts.larksuite.com/open-apis/authen/v1/authorize",
        "https://open.larksuite.com/open-apis/authen/v2/oauth/token",
        "https://open.larksuite.com");
  }

  private static Provider feishu(String name, String authorize, String token, String api) {
    Dialect dialect =
        feishuErrors()
            .jsonRequests()
            .keepClientId("client_id")
            .bearerUnlessSaid()
            .envelope("data")
            .errors(Arrays.asList("20003", "20004", "20037", "20064", "20065"), "invalid_grant")
            .errors(Arrays.asList("20002", "20048"), "invalid_client")
            .errors(Arrays.asList("20008", "20010", "20066"), "access_denied")
            .error("20050", "temporarily_unavailable")
            .build();
    return Provider.named(
            name, api + "/document/authentication-management/access-token/get-user-access-token")
        .server(server(authorize, token).dialect(dialect).build())
        .authentication(ClientAuthentication::post)
        .can("login", "refresh")
        .userInfo(
            api + "/open-apis/authen/v1/user_info",
            feishuApi().envelope("data").member("avatar_url", "picture").build())
        .subject("union_id")
        .pairwiseSubject("open_id", "client_id")
        .api(api)
        .build();
  }

  /** Feishu, for an application by itself in the company that made it. */
  public static Provider feishuApp() {
    Dialect dialect =
        feishuErrors()
            .jsonRequests()
            .parameter("client_id", "app_id")
            .parameter("client_secret", "app_secret")
            .without("client_credentials", "grant_type")
            .bearerUnlessSaid()
            .member("tenant_access_token", "access_token")
            .member("expire", "expires_in")
            .build();
    return Provider.named(
            "Feishu application",
            "https://open.feishu.cn/document/server-docs/authentication-management/access-token")
        .server(
            AuthorizationServer.builder()
                .tokenEndpoint(
                    "https://open.feishu.cn/open-apis/auth/v3/tenant_access_token/internal")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .can("client credentials")
        .api(feishuApi().build(), "https://open.feishu.cn")
        .build();
  }

  private static Dialect.Builder feishuApi() {
    String[] refused = {"99991661", "99991663", "99991668", "99991671", "99991677"};
    return feishuErrors()
        .errors(Arrays.asList(refused), "invalid_token")
        .tokenRefusedWhen("code", refused);
  }

  private static Dialect.Builder feishuErrors() {
    return Dialect.builder()
        .errors("error", "error_description")
        .errors("code", "msg")
        .error("99991400", "temporarily_unavailable");
  }

  /** Feishu's single sign-on at passport.feishu.cn, for programs that were set up there. */
  public static Provider feishuPassport() {
    String passport = "https://passport.feishu.cn/suite/passport/oauth/";
    return Provider.named(
            "Feishu passport", "https://open.feishu.cn/document/common-capabilities/sso/web-app")
        .server(
            server(passport + "authorize", passport + "token")
                .dialect(Dialect.builder().keepClientId("client_id").build())
                .build())
        .authentication(ClientAuthentication::post)
        .can("login", "refresh")
        .userInfo(passport + "userinfo", Dialect.builder().build())
        .subject("union_id")
        .pairwiseSubject("open_id", "client_id")
        .build();
  }

  /**
   * Douyin. A refresh does not move the end of the refresh token, 30 days after the login: then
   * users log in again.
   */
  public static Provider douyin() {
    String oauth = "https://open.douyin.com/oauth/";
    Dialect dialect =
        douyinErrors()
            .parameter("client_id", "client_key")
            .keepClientId("client_key")
            .keepMembers("open_id")
            .scopeSeparator(",")
            .withoutPkce()
            .without("authorization_code", "redirect_uri")
            .without("refresh_token", "client_secret", "scope")
            .grantEndpoint("refresh_token", "refresh_endpoint")
            .bearerUnlessSaid()
            .errors(Arrays.asList("10007", "10008", "10010"), "invalid_grant")
            .errors(Arrays.asList("10003", "10013", "10014", "29002002"), "invalid_client")
            .build();
    String[] refused = {"10008", "2190002", "2190008", "28001003", "28001008"};
    Dialect user =
        douyinErrors()
            .tokenInQuery("access_token")
            .errors(Arrays.asList(refused), "invalid_token")
            .tokenRefusedWhen("data.error_code", refused)
            .member("nickname", "name")
            .member("avatar", "picture")
            .build();
    return Provider.named(
            "Douyin",
            "https://developer.open-douyin.com/docs/resource/zh-CN/dop/develop/openapi/account-permission/get-access-token")
        .server(
            server("https://open.douyin.com/platform/oauth/connect", oauth + "access_token/")
                .metadata("refresh_endpoint", oauth + "refresh_token/")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("user_info")
        .can("login", "refresh")
        .userInfo(oauth + "userinfo/", user)
        .userInfoParameter("open_id", "open_id")
        .subject("union_id")
        .pairwiseSubject("open_id", "client_key")
        .api("https://open.douyin.com")
        .build();
  }

  private static Dialect.Builder douyinErrors() {
    return Dialect.builder()
        .errors("data.error_code", "data.description")
        .envelope("data")
        .error("10002", "invalid_request")
        .error("10020", "temporarily_unavailable");
  }

  /**
   * A Douyin mini app by itself. It has one token: a new one leaves the old one five minutes, so
   * processes share theirs through a store.
   */
  public static Provider douyinMiniApp() {
    Dialect dialect =
        Dialect.builder()
            .jsonRequests()
            .parameter("client_id", "appid")
            .parameter("client_secret", "secret")
            .grantType("client_credentials", "client_credential")
            .errors("err_no", "err_tips")
            .envelope("data")
            .bearerUnlessSaid()
            .errors(Arrays.asList("40015", "40017"), "invalid_client")
            .error("40020", "invalid_request")
            .error("-1", "temporarily_unavailable")
            .build();
    return Provider.named(
            "Douyin mini app",
            "https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/interface-request-credential/non-user-authorization/get-access-token")
        .server(
            AuthorizationServer.builder()
                .tokenEndpoint("https://developer.toutiao.com/api/apps/v2/token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .can("client credentials")
        .build();
  }

  /** TikTok, the Login Kit for the web. */
  public static Provider tiktok() {
    String api = "https://open.tiktokapis.com/v2/";
    Dialect dialect =
        Dialect.builder()
            .parameter("client_id", "client_key")
            .keepClientId("client_key")
            .keepMembers("open_id")
            .scopeSeparator(",")
            .withoutPkce()
            .bearerUnlessSaid()
            .build();
    Dialect user =
        Dialect.builder()
            .errors("error.code", "error.message")
            .successCodes("ok")
            .error("access_token_invalid", "invalid_token")
            .error("scope_not_authorized", "insufficient_scope")
            .error("rate_limit_exceeded", "temporarily_unavailable")
            .error("internal_error", "temporarily_unavailable")
            .envelope("data.user")
            .member("display_name", "name")
            .member("avatar_url", "picture")
            .build();
    return Provider.named(
            "TikTok", "https://developers.tiktok.com/doc/oauth-user-access-token-management")
        .server(
            server("https://www.tiktok.com/v2/auth/authorize/", api + "oauth/token/")
                .metadata("revocation_endpoint", api + "oauth/revoke/")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("user.info.basic")
        .can("login", "refresh", "revocation")
        .userInfo(api + "user/info/?fields=open_id,union_id,avatar_url,display_name", user)
        .subject("union_id")
        .pairwiseSubject("open_id", "client_key")
        .api("https://open.tiktokapis.com")
        .build();
  }

  /** Kuaishou. Its user information does not name the user: the token response does. */
  public static Provider kuaishou() {
    String oauth = "https://open.kuaishou.com/oauth2/";
    Dialect dialect =
        kuaishouErrors()
            .queryRequests()
            .parameter("client_id", "app_id")
            .parameter("client_secret", "app_secret")
            .scopeSeparator(",")
            .withoutPkce()
            .without("authorization_code", "redirect_uri")
            .without("refresh_token", "scope")
            .grantEndpoint("refresh_token", "refresh_endpoint")
            .bearerUnlessSaid()
            .member("scopes", "scope")
            .keepClientId("app_id")
            .keepMembers("open_id")
            .build();
    return Provider.named("Kuaishou", "https://open.kuaishou.com/platform/openApi")
        .server(
            server(oauth + "authorize", oauth + "access_token")
                .metadata("refresh_endpoint", oauth + "refresh_token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("user_info")
        .can("login", "refresh")
        .userInfo(
            "https://open.kuaishou.com/openapi/user_info",
            kuaishouErrors()
                .tokenInQuery("access_token")
                .envelope("user_info")
                .member("head", "picture")
                .build())
        .userInfoParameter("app_id", "app_id")
        .pairwiseSubject("open_id", "app_id")
        .api("https://open.kuaishou.com")
        .build();
  }

  private static Dialect.Builder kuaishouErrors() {
    return Dialect.builder().errors("result", "error_msg").successCodes("1");
  }

  /**
   * Bilibili, for tokens alone: its APIs want calls that the application signs, which this library
   * does not do.
   */
  public static Provider bilibili() {
    String oauth = "https://api.bilibili.com/x/account-oauth2/v1/";
    Dialect dialect =
        Dialect.builder()
            .parameter("redirect_uri", "gourl")
            .authorizationWithout("response_type", "scope")
            .without("authorization_code", "redirect_uri")
            .without("refresh_token", "scope")
            .withoutPkce()
            .grantEndpoint("refresh_token", "refresh_endpoint")
            .errors("code", "message")
            .envelope("data")
            .member("scopes", "scope")
            .bearerUnlessSaid()
            .absoluteExpiry()
            .build();
    return Provider.named(
            "Bilibili", "https://open.bilibili.com/doc/4/eaf0e2b5-bde9-b9a0-9be1-019bb455701c")
        .server(
            server("https://account.bilibili.com/pc/account-pc/auth/oauth", oauth + "token")
                .metadata("refresh_endpoint", oauth + "refresh_token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .can("login", "refresh")
        .build();
  }

  /** Baidu. */
  public static Provider baidu() {
    String oauth = "https://openapi.baidu.com/oauth/2.0/";
    Dialect user =
        Dialect.builder()
            .errors("error_code", "error_msg")
            .errors(Arrays.asList("100", "110", "111"), "invalid_token")
            .tokenInQuery("access_token")
            .tokenRefusedWhen("error_code", "100", "110", "111")
            .member("username", "name")
            .build();
    return Provider.named("Baidu", "https://openauth.baidu.com/doc/doc.html")
        .server(
            server(oauth + "authorize", oauth + "token")
                .dialect(Dialect.builder().withoutPkce().bearerUnlessSaid().build())
                .build())
        .authentication(ClientAuthentication::post)
        .scope("basic")
        .can("login", "refresh")
        .userInfo("https://openapi.baidu.com/rest/2.0/passport/users/getInfo", user)
        .subject("userid")
        .api("https://openapi.baidu.com")
        .build();
  }

  /** Gitee. */
  public static Provider gitee() {
    return Provider.named("Gitee", "https://gitee.com/api/v5/oauth_doc")
        .server(
            server("https://gitee.com/oauth/authorize", "https://gitee.com/oauth/token")
                .dialect(Dialect.builder().withoutPkce().answeredScopeSeparator(",").build())
                .build())
        .authentication(ClientAuthentication::post)
        .scope("user_info")
        .can("login", "refresh")
        .userInfo(
            "https://gitee.com/api/v5/user",
            Dialect.builder().tokenInQuery("access_token").member("avatar_url", "picture").build())
        .subject("id")
        .api("https://gitee.com")
        .build();
  }

  /** Huawei, asked for who the user is at its older API: the identity token is not looked at. */
  public static Provider huawei() {
    Dialect dialect =
        huaweiErrors()
            .authorizationParameter("access_type", "offline")
            .keepClientId("client_id")
            .error("20152", "invalid_grant")
            .build();
    return Provider.named(
            "Huawei",
            "https://developer.huawei.com/consumer/en/doc/HMSCore-References/account-obtain-token_hms_reference-0000001050048618")
        .server(
            server(
                    "https://oauth-login.cloud.huawei.com/oauth2/v3/authorize",
                    "https://oauth-login.cloud.huawei.com/oauth2/v3/token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .scope("openid profile")
        .can("login", "refresh")
        .userInfo(
            "https://account.cloud.huawei.com/rest.php?nsp_svc=GOpen.User.getInfo&getNickName=1",
            huaweiErrors()
                .tokenInForm("access_token")
                .error("6", "invalid_token")
                .member("displayName", "name")
                .member("headPictureURL", "picture")
                .build())
        .subject("unionID")
        .pairwiseSubject("openID", "client_id")
        .build();
  }

  private static Dialect.Builder huaweiErrors() {
    return Dialect.builder()
        .errors("NSP_STATUS", "error")
        .errors("sub_error", "error_description")
        .errors("error", "error_description");
  }

  private static AuthorizationServer.Builder server(
      String authorizationEndpoint, String tokenEndpoint) {
    return AuthorizationServer.builder()
        .authorizationEndpoint(authorizationEndpoint)
        .tokenEndpoint(tokenEndpoint);
  }
}
