package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.MemoryTokenStore;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.hostile.ExampleSite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers without identity tokens on the wire: whole URLs, whole requests, lies. */
class WesternProvidersTest extends ProviderOnTheWire {
  private static final String REDIRECT = "redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb";
  private static final String PKCE = "&code_challenge=CHALLENGE&code_challenge_method=S256";
  private static final String CODE = "grant_type=authorization_code&" + REDIRECT;
  private static final String RENEWAL = "grant_type=refresh_token&refresh_token=RT";
  private static final String POST_AUTHENTICATION = "&client_id=app-1&client_secret=s3";
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("app-1:s3".getBytes(StandardCharsets.US_ASCII));
  private static final String TOKENS =
      "'access_token':'AT','token_type':'bearer','refresh_token':'RT'";

  private void answer(String body) {
    server.enqueue(json(body));
  }

  private static MockResponse json(String body) {
    return ExampleSite.json(body.replace('\'', '"'));
  }

  private void refresh() throws IOException {
    tokens = client.refresh(tokens).execute();
  }

  private UserIdentity user(Provider provider) throws IOException {
    return provider.identity(tokens, client);
  }

  private String sent() throws InterruptedException {
    return next("Authorization");
  }

  @Test
  void githubIsAlmostTheStandard() throws Exception {
    answer("{" + TOKENS + ",'scope':'read:user,user:email'}");
    login(Providers.github());

    assertThat(url)
        .isEqualTo(
            "https://github.com/login/oauth/authorize?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&scope=read%3Auser%2Cuser%3Aemail&state=STATE"
                + PKCE);
    assertThat(sent())
        .isEqualTo(
            "POST github.com/login/oauth/access_token "
                + BASIC
                + " "
                + CODE
                + "&code=C&code_verifier=V");
    answer("{'id':583231,'login':'octocat','name':'The Octocat','email':null}");
    UserIdentity user = user(Providers.github());
    assertThat(user.key()).isEqualTo("https://github.com 583231");
    assertThat(user.email()).isNull();
    assertThat(sent()).isEqualTo("GET api.github.com/user Bearer AT");
  }

  @Test
  void facebookHasItsVersionInEachAddress() throws Exception {
    answer("{'access_token':'AT','token_type':'bearer','expires_in':5183944}");
    login(Providers.facebook("v23.0"));

    assertThat(url)
        .isEqualTo(
            "https://www.facebook.com/v23.0/dialog/oauth?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&scope=public_profile%2Cemail&state=STATE"
                + PKCE);
    assertThat(sent())
        .isEqualTo(
            "POST graph.facebook.com/v23.0/oauth/access_token "
                + CODE
                + "&code=C&code_verifier=V"
                + POST_AUTHENTICATION);
    answer("{'id':'1','name':'N','picture':{'data':{'url':'https://example.com/p'}}}");
    UserIdentity user = user(Providers.facebook("v23.0"));
    assertThat(user.key()).isEqualTo("https://www.facebook.com 1");
    assertThat(user.picture()).isEqualTo("https://example.com/p");
    assertThat(sent())
        .isEqualTo("GET graph.facebook.com/v23.0/me?fields=id,name,email,picture Bearer AT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v22", "v22.0/../x", "v22.0?x=", "evil.example"})
  void aVersionOfFacebookIsNothingElse(String version) {
    assertThatThrownBy(() -> Providers.facebook(version))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not of the form");
  }

  @Test
  void aTokenOfFacebookIsExchangedForALongerOne() throws Exception {
    answer("{'access_token':'AT2','token_type':'bearer'}");
    client = on(Providers.facebook().client("app-1", Secret.of("s3"))).build();

    TokenSet longer =
        client
            .grant("fb_exchange_token")
            .parameter("fb_exchange_token", Secret.of("AT1"))
            .execute();

    assertThat(longer.accessToken().value().reveal()).isEqualTo("AT2");
    assertThat(longer.accessToken().expiresAt()).isNull();
    assertThat(sent())
        .isEqualTo(
            "POST graph.facebook.com/v22.0/oauth/access_token grant_type=fb_exchange_token"
                + "&fb_exchange_token=AT1"
                + POST_AUTHENTICATION);
  }

  @Test
  void metadataWithoutTokenEndpointIsCompletedByAProgramThatKnowsIt() throws Exception {
    ProviderSample gaps = ProviderSample.of("facebook", "discovery-gaps.json");
    server.enqueue(new MockResponse.Builder().code(404).build());
    server.enqueue(gaps.answer());
    String endpoint = (String) gaps.expected().get("tokenEndpoint");

    client =
        on(OAuthClient.builder())
            .clientId("app-1")
            .issuer("https://www.facebook.com")
            .dialect(Dialect.builder().metadata("token_endpoint", endpoint).build())
            .build();

    assertThat(client.server().tokenEndpoint()).hasToString(endpoint);
    assertThat(client.server().authorizationEndpoint())
        .hasToString("https://facebook.com/dialog/oauth/");
  }

  @Test
  void anErrorIsNoMetadata() throws Exception {
    ProviderSample unknown = ProviderSample.of("facebook", "graph-unknown-path-error.json");
    server.enqueue(unknown.answer());
    server.enqueue(unknown.answer());
    client =
        on(OAuthClient.builder()).clientId("app-1").issuer("https://graph.facebook.com").build();

    OAuthException refusal = catchThrowableOfType(OAuthException.class, () -> client.server());

    assertThat(refusal.code()).isEqualTo(unknown.expected().get("outcome"));
  }

  @Test
  void linkedinIsAskedWithoutPkce() throws Exception {
    answer("{'access_token':'AT','expires_in':5183999,'scope':'email,openid,profile'}");
    login(Providers.linkedinApi());

    assertThat(url)
        .isEqualTo(
            "https://www.linkedin.com/oauth/v2/authorization?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&scope=openid%20profile%20email&state=STATE");
    assertThat(sent())
        .isEqualTo(
            "POST www.linkedin.com/oauth/v2/accessToken " + CODE + "&code=C" + POST_AUTHENTICATION);
  }

  @Test
  void slackGivesTheBotAToken() throws Exception {
    answer(
        "{'ok':true,'access_token':'xoxb','token_type':'bot','scope':'commands',"
            + "'authed_user':{'id':'U1','access_token':'xoxp','token_type':'user'}}");
    Provider provider = Providers.slackApp();
    client = on(provider.client("app-1", Secret.of("s3"))).build();
    PendingAuthorization pending =
        client.authorize().scope("commands chat:write").redirectUri(CALLBACK).begin();
    String state = pending.state().reveal();
    tokens = client.complete(pending, CALLBACK + "?code=C&state=" + state);

    assertThat(pending.url().toString())
        .startsWith(
            "https://slack.com/oauth/v2/authorize?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&scope=commands%2Cchat%3Awrite&state=");
    assertThat(tokens.accessToken().value().reveal()).isEqualTo("xoxb");
    assertThat(sent())
        .isEqualTo(
            "POST slack.com/api/oauth.v2.access " + BASIC + " " + CODE + "&code=C&code_verifier=V");
  }

  @Test
  void slackGivesTheUserAnotherToken() throws Exception {
    answer(
        "{'ok':true,'access_token':'xoxb','token_type':'bot','authed_user':{'id':'U1',"
            + "'scope':'chat:write','access_token':'xoxp','token_type':'user',"
            + "'refresh_token':'RT','expires_in':43200}}");
    Provider provider = Providers.slackUser();
    login(provider);
    sent();

    assertThat(tokens.accessToken().value().reveal()).isEqualTo("xoxp");
    answer("{'ok':true,'access_token':'xoxp2','token_type':'user','refresh_token':'RT2'}");
    refresh();
    assertThat(sent()).isEqualTo("POST slack.com/api/oauth.v2.access " + BASIC + " " + RENEWAL);
    answer("{'ok':true,'user':'anna','user_id':'U1','team_id':'T1'}");
    UserIdentity user = user(provider);
    assertThat(user.key()).isEqualTo("https://slack.com/T1 U1");
    assertThat(sent()).isEqualTo("GET slack.com/api/auth.test Bearer xoxp2");
  }

  @Test
  void aTokenOfTheBotIsNotOneOfTheUser() {
    answer("{'ok':true,'access_token':'xoxb','token_type':'bot','authed_user':{'id':'U1'}}");

    assertThatThrownBy(() -> login(Providers.slackUser()))
        .isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void slackUsersAskForTheirOwnScope() throws Exception {
    client = on(Providers.slackUser().client("app-1", Secret.of("s3"))).build();

    String asked =
        client.authorize().scope("chat:write").redirectUri(CALLBACK).begin().url().toString();

    assertThat(asked).contains("&user_scope=chat%3Awrite&").doesNotContain("&scope=");
  }

  @Test
  void discordIsTheStandard() throws Exception {
    answer("{" + TOKENS + ",'expires_in':604800,'scope':'identify email'}");
    login(Providers.discord());

    assertThat(url)
        .isEqualTo(
            "https://discord.com/oauth2/authorize?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&scope=identify%20email&state=STATE"
                + PKCE);
    assertThat(sent())
        .isEqualTo(
            "POST discord.com/api/oauth2/token " + BASIC + " " + CODE + "&code=C&code_verifier=V");
    answer(
        "{'id':'80351110224678912','username':'nelly','global_name':null,'verified':true,"
            + "'email':'nelly@example.com'}");
    UserIdentity user = user(Providers.discord());
    assertThat(user.name()).isEqualTo("nelly");
    assertThat(user.isEmailVerified()).isTrue();
    assertThat(sent()).isEqualTo("GET discord.com/api/users/@me Bearer AT");
    answer("{}");
    client.revoke(tokens);
    assertThat(sent())
        .startsWith("POST discord.com/api/oauth2/token/revoke " + BASIC + " token=RT");
  }

  @Test
  void twitchSaysWhoseTheTokenIs() throws Exception {
    answer("{" + TOKENS + ",'expires_in':14124,'scope':['user:read:email']}");
    login(Providers.twitch());

    assertThat(sent())
        .isEqualTo(
            "POST id.twitch.tv/oauth2/token "
                + CODE
                + "&code=C&code_verifier=V"
                + POST_AUTHENTICATION);
    answer("{'client_id':'app-1','login':'twitchdev','user_id':'141981764','expires_in':5520838}");
    assertThat(user(Providers.twitch()).key()).isEqualTo("https://id.twitch.tv 141981764");
    assertThat(sent()).isEqualTo("GET id.twitch.tv/oauth2/validate OAuth AT");
  }

  @Test
  void twitchThatKnowsTheTokenNoLongerNamesNobody() throws Exception {
    answer("{" + TOKENS + "}");
    login(Providers.twitch());
    server.enqueue(
        json("{'status':401,'message':'invalid access token'}").newBuilder().code(401).build());

    OAuthErrorException refusal =
        catchThrowableOfType(OAuthErrorException.class, () -> user(Providers.twitch()));

    assertThat(refusal.error()).isEqualTo("invalid_token");
  }

  @Test
  void aTwitchTokenOfAnotherApplicationNamesNobody() throws Exception {
    answer("{" + TOKENS + "}");
    login(Providers.twitch());
    answer("{'client_id':'app-2','login':'twitchdev','user_id':'141981764'}");

    assertThatThrownBy(() -> user(Providers.twitch()))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("client_id");
  }

  @Test
  void xKnowsClientsWithASecret() throws Exception {
    answer("{" + TOKENS + ",'expires_in':7200}");
    login(Providers.x());

    assertThat(url)
        .isEqualTo(
            "https://x.com/i/oauth2/authorize?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&scope=users.read%20tweet.read%20offline.access&state=STATE"
                + PKCE);
    assertThat(sent())
        .isEqualTo(
            "POST api.x.com/2/oauth2/token " + BASIC + " " + CODE + "&code=C&code_verifier=V");
    answer("{'data':{'id':'2244994945','name':'N','username':'n'}}");
    assertThat(user(Providers.x()).subject()).isEqualTo("2244994945");
    assertThat(sent())
        .isEqualTo("GET api.x.com/2/users/me?user.fields=profile_image_url Bearer AT");
  }

  @Test
  void xKnowsClientsWithoutASecret() throws Exception {
    answer("{" + TOKENS + "}");
    login(Providers.x(), on(Providers.x().client("app-1")).build(), "code=C");

    assertThat(sent())
        .isEqualTo(
            "POST api.x.com/2/oauth2/token " + CODE + "&code=C&code_verifier=V&client_id=app-1");
    answer("{" + TOKENS + "}");
    refresh();
    assertThat(sent()).isEqualTo("POST api.x.com/2/oauth2/token " + RENEWAL + "&client_id=app-1");
  }

  @Test
  void allServersOfAZoomAccountShareItsOneToken() throws Exception {
    answer("{'access_token':'AT','token_type':'bearer','expires_in':3600}");
    TokenStore shared = new MemoryTokenStore(10, clock);
    Provider zoom = Providers.zoomServer("account-1");
    OAuthClient one = on(zoom.client("app-1", Secret.of("s3"))).build();
    OAuthClient other = on(zoom.client("app-1", Secret.of("s3"))).build();

    AccessToken first = one.clientCredentials().tokenSource(shared, "zoom").token();
    AccessToken second = other.clientCredentials().tokenSource(shared, "zoom").token();

    assertThat(second.value().reveal()).isEqualTo("AT").isEqualTo(first.value().reveal());
    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(sent())
        .isEqualTo(
            "POST zoom.us/oauth/token "
                + BASIC
                + " grant_type=account_credentials&account_id=account-1");
  }

  @Test
  void zoomSaysTheNameInTwoParts() throws Exception {
    answer("{" + TOKENS + "}");
    login(Providers.zoom());
    sent();
    answer("{'id':'Z1','first_name':'Anna','last_name':'Lee','email':'a@example.com'}");

    UserIdentity user = user(Providers.zoom());

    assertThat(user.name()).isEqualTo("Anna Lee");
    assertThat(user.isEmailVerified()).isFalse();
    assertThat(sent()).isEqualTo("GET api.zoom.us/v2/users/me Bearer AT");
  }

  @Test
  void atlassianIsAskedForItsApi() throws Exception {
    answer("{" + TOKENS + "}");
    login(Providers.atlassian());

    assertThat(url)
        .isEqualTo(
            "https://auth.atlassian.com/authorize?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&scope=read%3Ame%20offline_access&state=STATE"
                + PKCE
                + "&audience=api.atlassian.com&prompt=consent");
    assertThat(sent())
        .isEqualTo(
            "POST auth.atlassian.com/oauth/token "
                + CODE
                + "&code=C&code_verifier=V"
                + POST_AUTHENTICATION);
  }

  @Test
  void dropboxNamesTheUserWithTheTokens() throws Exception {
    answer("{" + TOKENS + ",'account_id':'dbid:A','uid':'12345'}");
    login(Providers.dropbox());

    assertThat(url).endsWith("&state=STATE" + PKCE + "&token_access_type=offline");
    assertThat(sent())
        .isEqualTo(
            "POST api.dropboxapi.com/oauth2/token "
                + CODE
                + "&code=C&code_verifier=V"
                + POST_AUTHENTICATION);
    assertThat(user(Providers.dropbox()).key()).isEqualTo("https://www.dropbox.com dbid:A");
    answer("{'access_token':'AT2','token_type':'bearer','expires_in':14400}");
    refresh();
    assertThat(user(Providers.dropbox()).subject()).isEqualTo("dbid:A");
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void aRenewalThatBringsAnotherDropboxIsRefused() throws Exception {
    answer("{" + TOKENS + ",'account_id':'dbid:A'}");
    login(Providers.dropbox());
    answer("{'access_token':'AT2','token_type':'bearer','account_id':'dbid:B'}");

    assertThatThrownBy(this::refresh)
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("account_id");
  }

  @Test
  void salesforceIsAtItsOwnDomain() throws Exception {
    answer("{" + TOKENS + ",'instance_url':'https://acme.my.salesforce.com'}");
    login(Providers.salesforce("acme.my.salesforce.com"));

    assertThat(url)
        .startsWith("https://acme.my.salesforce.com/services/oauth2/authorize?response_type=code");
    assertThat(sent())
        .isEqualTo(
            "POST acme.my.salesforce.com/services/oauth2/token "
                + CODE
                + "&code=C&code_verifier=V"
                + POST_AUTHENTICATION);
    answer("{'active':true,'exp':1767229200}");
    assertThat(client.introspect(tokens.accessToken().value()).isActive()).isTrue();
    assertThat(sent())
        .isEqualTo(
            "POST acme.my.salesforce.com/services/oauth2/introspect token=AT&token_type_hint=access_token"
                + POST_AUTHENTICATION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "a.example/x", "a.example@b.example", "a.example:1", "a..b"})
  void aHostOfSalesforceIsAHostAndNothingElse(String host) {
    assertThatThrownBy(() -> Providers.salesforce(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not the name of a host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "myshopify.com",
        "a.myshopify.com.evil.example",
        "evil.example/.myshopify.com",
        "evil.example?.myshopify.com",
        "evil.example#.myshopify.com",
        "a@evil.example\\.myshopify.com",
        "evilmyshopify.com",
        "a.myshopify.com\n",
        ".myshopify.com"
      })
  void noSecretGoesToAShopThatIsNotAtShopify(String shop) {
    assertThatThrownBy(() -> Providers.shopify(shop))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not the name of a host at .myshopify.com");
  }

  @Test
  void shopifyIsTheShopItself() throws Exception {
    answer("{'access_token':'AT','scope':'write_orders,read_customers'}");
    Provider shop = Providers.shopify("acme.myshopify.com");
    client = on(shop.client("app-1", Secret.of("s3"))).build();
    PendingAuthorization pending =
        client.authorize().scope("write_orders read_customers").redirectUri(CALLBACK).begin();
    client.complete(pending, CALLBACK + "?code=C&state=" + pending.state().reveal());

    assertThat(pending.url().toString())
        .startsWith(
            "https://acme.myshopify.com/admin/oauth/authorize?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&scope=write_orders%2Cread_customers&state=");
    assertThat(sent())
        .isEqualTo(
            "POST acme.myshopify.com/admin/oauth/access_token "
                + CODE
                + "&code=C&code_verifier=V"
                + POST_AUTHENTICATION);
  }

  @Test
  void naverWantsTheStateAgain() throws Exception {
    answer("{" + TOKENS + ",'expires_in':'3600'}");
    login(Providers.naver());

    assertThat(url)
        .isEqualTo(
            "https://nid.naver.com/oauth2.0/authorize?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&state=STATE");
    assertThat(sent())
        .matches(
            "POST nid\\.naver\\.com/oauth2\\.0/token "
                + CODE.replace(".", "\\.")
                + "&state=[A-Za-z0-9_-]{43}&code=C&client_id=app-1&client_secret=s3"
                + "|POST nid\\.naver\\.com/oauth2\\.0/token "
                + CODE.replace(".", "\\.")
                + "&code=C&state=[A-Za-z0-9_-]{43}&client_id=app-1&client_secret=s3");
    answer("{'resultcode':'024','message':'Authentication failed'}");
    OAuthErrorException refusal =
        catchThrowableOfType(OAuthErrorException.class, () -> user(Providers.naver()));
    assertThat(refusal.error()).isEqualTo("invalid_token");
    assertThat(refusal.description()).isEqualTo("024: Authentication failed");
    assertThat(sent()).isEqualTo("GET openapi.naver.com/v1/nid/me Bearer AT");
  }

  @Test
  void yandexWantsItsOwnWordBeforeTheToken() throws Exception {
    answer("{" + TOKENS + ",'expires_in':31536000}");
    login(Providers.yandex());

    assertThat(sent())
        .isEqualTo("POST oauth.yandex.com/token " + BASIC + " " + CODE + "&code=C&code_verifier=V");
    answer("{'id':'1000034426','real_name':'Ivan Ivanov','default_email':'test@yandex.ru'}");
    UserIdentity user = user(Providers.yandex());
    assertThat(user.key()).isEqualTo("https://oauth.yandex.com 1000034426");
    assertThat(sent()).isEqualTo("GET login.yandex.ru/info?format=json OAuth AT");
  }

  @Test
  void aRenewalMayBringTheSameTokenWithALongerLife() throws Exception {
    answer("{" + TOKENS + ",'expires_in':60}");
    login(Providers.yandex());
    answer("{" + TOKENS + ",'expires_in':3600}");
    refresh();

    assertThat(tokens.accessToken().value().reveal()).isEqualTo("AT");
    assertThat(tokens.accessToken().expiresAt()).isEqualTo(Instant.parse("2026-01-01T01:00:00Z"));
  }

  @Test
  void vkWantsTheDeviceWithEverything() throws Exception {
    answer("{" + TOKENS + ",'user_id':1234567890}");
    Provider vk = Providers.vk();
    login(vk, on(vk.client("app-1")).build(), "code=C&device_id=D");

    assertThat(url)
        .isEqualTo(
            "https://id.vk.ru/authorize?response_type=code&client_id=app-1&"
                + REDIRECT
                + "&scope=vkid.personal_info%20email&state=STATE"
                + PKCE);
    assertThat(parts(sent()))
        .isEqualTo(
            parts(
                "POST id.vk.ru/oauth2/auth "
                    + CODE
                    + "&code=C&code_verifier=V&device_id=D&state=S&client_id=app-1"));
    answer("{" + TOKENS + "}");
    refresh();
    assertThat(parts(sent()))
        .isEqualTo(
            parts("POST id.vk.ru/oauth2/auth " + RENEWAL + "&device_id=D&state=S&client_id=app-1"));
    answer("{'user':{'user_id':'1234567890','first_name':'Ivan','last_name':'I.'}}");
    UserIdentity user = user(vk);
    assertThat(user.key()).isEqualTo("https://id.vk.ru 1234567890");
    assertThat(user.name()).isEqualTo("Ivan I.");
    assertThat(sent()).isEqualTo("POST id.vk.ru/oauth2/user_info client_id=app-1&access_token=AT");
  }

  /** The order of a form says nothing. */
  private static Set<String> parts(String sent) {
    return Set.of(sent.replaceAll("state=[A-Za-z0-9_-]{43}", "state=S").split("[ &]"));
  }

  @Test
  void vkThatNamesAnotherUserThanAtTheLoginNamesNobody() throws Exception {
    answer("{" + TOKENS + ",'user_id':1}");
    Provider vk = Providers.vk();
    login(vk, on(vk.client("app-1")).build(), "code=C&device_id=D");
    answer("{'user':{'user_id':'2'}}");

    assertThatThrownBy(() -> user(vk)).isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void vkLegacyThatNamesAnotherUserThanAtTheLoginNamesNobody() throws Exception {
    answer("{'access_token':'AT','expires_in':0,'user_id':66748}");
    login(Providers.vkLegacy());
    assertThat(tokens.accessToken().expiresAt()).isNull();
    sent();
    answer("{'response':[{'id':1,'first_name':'John'}]}");

    assertThatThrownBy(() -> user(Providers.vkLegacy()))
        .isInstanceOf(InvalidResponseException.class);
    assertThat(sent())
        .isEqualTo("GET api.vk.com/method/users.get?v=5.131&fields=photo_200&access_token=AT");
  }

  @Test
  void anErrorOfVkInAnHttp200IsAnError() throws Exception {
    answer("{'access_token':'AT','user_id':66748}");
    login(Providers.vkLegacy());
    answer("{'error':{'error_code':5,'error_msg':'User authorization failed'}}");

    OAuthErrorException refusal =
        catchThrowableOfType(OAuthErrorException.class, () -> user(Providers.vkLegacy()));

    assertThat(refusal.error()).isEqualTo("invalid_token");
    assertThat(refusal.description()).isEqualTo("5: User authorization failed");
  }

  @Test
  void ebayIsToldANameInsteadOfTheRedirectUri() throws Exception {
    answer("{'access_token':'v^1.1#AT','token_type':'User Access Token','refresh_token':'RT'}");
    login(Providers.ebay("Acme-RuName"));

    assertThat(url)
        .isEqualTo(
            "https://auth.ebay.com/oauth2/authorize?response_type=code&client_id=app-1"
                + "&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope%2Fcommerce.identity.readonly"
                + "&state=STATE"
                + PKCE
                + "&redirect_uri=Acme-RuName");
    assertThat(sent())
        .isEqualTo(
            "POST api.ebay.com/identity/v1/oauth2/token "
                + BASIC
                + " grant_type=authorization_code&redirect_uri=Acme-RuName&code=C&code_verifier=V");
    answer("{'access_token':'AT2','token_type':'User Access Token'}");
    refresh();
    assertThat(sent())
        .startsWith("POST api.ebay.com/identity/v1/oauth2/token " + BASIC + " " + RENEWAL)
        .doesNotContain("RuName");
  }

  @Test
  void aTokenTypeOfEbayIsNoneElsewhere() {
    answer("{'access_token':'AT','token_type':'User Access Token'}");

    assertThatThrownBy(() -> login(Providers.discord()))
        .isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void withingsIsToldWhatToDo() throws Exception {
    answer("{'status':0,'body':{" + TOKENS + ",'userid':'363','scope':'user.info,user.metrics'}}");
    login(Providers.withings());

    assertThat(sent())
        .isEqualTo(
            "POST wbsapi.withings.net/v2/oauth2 "
                + CODE
                + "&code=C&code_verifier=V"
                + POST_AUTHENTICATION
                + "&action=requesttoken");
    assertThat(user(Providers.withings()).key()).isEqualTo("https://account.withings.com 363");
    answer("{'status':503,'body':{},'error':'Invalid Params: invalid refresh_token'}");
    OAuthErrorException refusal = catchThrowableOfType(OAuthErrorException.class, this::refresh);
    assertThat(refusal.error()).isEqualTo("invalid_grant");
    assertThat(sent())
        .isEqualTo(
            "POST wbsapi.withings.net/v2/oauth2 "
                + RENEWAL
                + POST_AUTHENTICATION
                + "&action=requesttoken");
  }

  @Test
  void stackExchangeMayAnswerWithAForm() throws Exception {
    server.enqueue(new MockResponse.Builder().body("access_token=AT&expires=86400").build());
    Provider provider = Providers.stackExchange("a key&b");
    login(provider);
    sent();

    assertThat(tokens.accessToken().expiresAt()).isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
    answer("{'items':[{'account_id':7,'display_name':'N'}]}");
    assertThat(user(provider).key()).isEqualTo("https://stackoverflow.com 7");
    assertThat(sent())
        .isEqualTo(
            "GET api.stackexchange.com/2.3/me?site=stackoverflow&key=a%20key%26b&access_token=AT");
  }

  @Test
  void anAddressThatKakaoOnceVerifiedIsNotVerifiedForever() throws Exception {
    answer("{" + TOKENS + "}");
    login(Providers.kakao());
    answer(
        "{'id':123094871203,'kakao_account':{'is_email_valid':false,'is_email_verified':true,"
            + "'email':'example@kakao.com'}}");

    UserIdentity user = user(Providers.kakao());

    assertThat(user.email()).isEqualTo("example@kakao.com");
    assertThat(user.isEmailVerified()).isFalse();
  }

  static Stream<Arguments> users() {
    return Stream.of(
        Arguments.of(
            Providers.instagram(),
            "{'user_id':'17841405793187218','username':'n','name':'N'}",
            "GET graph.instagram.com/v22.0/me?fields=user_id,username,name,profile_picture_url"
                + " Bearer AT",
            "https://www.instagram.com 17841405793187218"),
        Arguments.of(
            Providers.atlassian(),
            "{'account_id':'5b10','name':'N','picture':'https://example.com/p'}",
            "GET api.atlassian.com/me Bearer AT",
            "https://auth.atlassian.com 5b10"),
        Arguments.of(
            Providers.bitbucket(),
            "{'uuid':'{a1}','display_name':'N','account_id':'5b10'}",
            "GET api.bitbucket.org/2.0/user Bearer AT",
            "https://bitbucket.org {a1}"),
        Arguments.of(
            Providers.spotify(),
            "{'id':'s1','display_name':'N','images':[{'url':'https://example.com/p'}]}",
            "GET api.spotify.com/v1/me Bearer AT",
            "https://accounts.spotify.com s1"),
        Arguments.of(
            Providers.amazon(),
            "{'user_id':'amzn1.account.A','name':'N'}",
            "GET api.amazon.com/user/profile Bearer AT",
            "https://www.amazon.com amzn1.account.A"),
        Arguments.of(
            Providers.paypal(),
            "{'user_id':'P1','name':'N','emails':[{'value':'n@example.com'}]}",
            "GET api-m.paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1 Bearer AT",
            "https://www.paypal.com P1"),
        Arguments.of(
            Providers.ebay("Acme-RuName"),
            "{'userId':'e1','username':'N'}",
            "GET apiz.ebay.com/commerce/identity/v1/user/ Bearer AT",
            "https://auth.ebay.com e1"),
        Arguments.of(
            Providers.fitbit(),
            "{'user':{'encodedId':'F1','displayName':'N'}}",
            "GET api.fitbit.com/1/user/-/profile.json Bearer AT",
            "https://www.fitbit.com F1"),
        Arguments.of(
            Providers.mailchimp(),
            "{'dc':'us1','login':{'login_id':15,'login_name':'N'}}",
            "GET login.mailchimp.com/oauth2/metadata OAuth AT",
            "https://login.mailchimp.com 15"),
        Arguments.of(
            Providers.foursquare(),
            "{'meta':{'code':200},'response':{'user':{'id':'4','firstName':'N'}}}",
            "GET api.foursquare.com/v2/users/self?v=20231010&oauth_token=AT",
            "https://foursquare.com 4"));
  }

  @ParameterizedTest
  @MethodSource("users")
  void isAskedWhoTheUserIs(Provider provider, String said, String asked, String key)
      throws Exception {
    answer("{" + TOKENS + "}");
    login(provider);
    sent();
    answer(said);

    UserIdentity user = user(provider);

    assertThat(user.key()).isEqualTo(key);
    assertThat(user.name()).isEqualTo("N");
    assertThat(user.isEmailVerified()).isFalse();
    assertThat(sent()).isEqualTo(asked);
  }

  @ParameterizedTest
  @MethodSource("users")
  void nobodyIsNamedByAnEmptyAnswer(Provider provider) throws Exception {
    answer("{" + TOKENS + "}");
    login(provider);
    answer("{}");

    assertThatThrownBy(() -> user(provider)).isInstanceOf(InvalidResponseException.class);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            Providers.slackUser(), "slack.com", 200, "{'ok':false,'error':'token_expired'}"),
        Arguments.of(
            Providers.slackApp(), "slack.com", 200, "{'ok':false,'error':'token_revoked'}"),
        Arguments.of(
            Providers.facebook(),
            "graph.facebook.com",
            400,
            "{'error':{'type':'OAuthException','code':190,'message':'expired'}}"),
        Arguments.of(
            Providers.zoom(), "api.zoom.us", 400, "{'code':124,'message':'Invalid access token'}"),
        Arguments.of(
            Providers.vkLegacy(), "api.vk.com", 200, "{'error':{'error_code':5,'error_msg':'m'}}"),
        Arguments.of(
            Providers.withings(),
            "wbsapi.withings.net",
            200,
            "{'status':401,'body':{},'error':'invalid_token'}"),
        Arguments.of(
            Providers.naver(), "openapi.naver.com", 200, "{'resultcode':'024','message':'m'}"));
  }

  /** The API says in a body that the token has ended: there is a new one for the same call. */
  @ParameterizedTest
  @MethodSource("refusals")
  void aTokenThatEndedIsReplacedOnce(Provider provider, String host, int status, String refusal)
      throws Exception {
    try (ExampleSite site = ExampleSite.startWithCertificateOf(host)) {
      site.answer(
          "/x",
          request ->
              (request.getUrl() + "" + request.getHeaders().toMultimap()).contains("AT2")
                  ? json("{}")
                  : json(refusal).newBuilder().code(status).build());
      OkHttpClient api = provider.interceptor(new Replaced()).install(site.http());

      Request request = new Request.Builder().url("https://" + host + "/x").build();
      try (Response response = api.newCall(request).execute()) {
        assertThat(response.body().string()).isEqualTo("{}");
        assertThat(response.request().url()).hasToString("https://" + host + "/x");
      }
      assertThat(site.requests("/x")).hasSize(2);
    }
  }

  /** AT1 until it is refused, AT2 from then on. */
  private static final class Replaced implements TokenSource {
    private volatile String current = "AT1";

    @Override
    public AccessToken token() {
      return AccessToken.bearer(Secret.of(current), Instant.EPOCH, null);
    }

    @Override
    public void invalidate(AccessToken rejected) {
      current = "AT2";
    }
  }

  static Stream<Arguments> places() {
    return Stream.of(
        Arguments.of(
            Providers.shopify("acme.myshopify.com"),
            "acme.myshopify.com",
            Map.of("X-Shopify-Access-Token", "AT1")),
        Arguments.of(Providers.twitch(), "api.twitch.tv", Map.of("Authorization", "Bearer AT1")),
        Arguments.of(Providers.yandex(), "login.yandex.ru", Map.of("Authorization", "OAuth AT1")),
        Arguments.of(Providers.amazon(), "api.amazon.com", Map.of("Authorization", "Bearer AT1")));
  }

  @ParameterizedTest
  @MethodSource("places")
  void aTokenGoesToItsOnePlace(Provider provider, String host, Map<String, String> expected)
      throws Exception {
    try (ExampleSite site = ExampleSite.startWithCertificateOf(host)) {
      site.answer("/x", "{}");
      OkHttpClient api = provider.interceptor(new Replaced()).install(site.http());
      Request request = new Request.Builder().url("https://" + host + "/x").build();
      api.newCall(request).execute().close();

      RecordedRequest sent = site.requests("/x").get(0);
      assertThat(sent.getUrl().query()).isNull();
      expected.forEach((name, value) -> assertThat(sent.getHeaders().get(name)).isEqualTo(value));
      assertThat(sent.getHeaders().get("Authorization")).isEqualTo(expected.get("Authorization"));
    }
  }
}
