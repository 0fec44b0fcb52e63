package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.MemoryTokenStore;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.hostile.ExampleSite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The recipes of docs/western-providers.md, run. */
class WesternRecipeTest {
  private final MockWebServer server = new MockWebServer();
  private OkHttpClient http;

  @BeforeEach
  void start() throws Exception {
    server.start();
    http = ProviderSample.everywhere(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(String body) {
    server.enqueue(ExampleSite.json(body.replace('\'', '"')));
  }

  private static TokenSet login(Provider provider, OAuthClient client) throws Exception {
    PendingAuthorization pending =
        provider.authorize(client).redirectUri("https://app.example.com/cb").begin();
    return client.complete(
        pending, "https://app.example.com/cb?code=C&state=" + pending.state().reveal());
  }

  @Test
  void aTokenOfFacebookForSixtyDays() throws Exception {
    answer("{'access_token':'AT60','token_type':'bearer','expires_in':5183944}");
    OAuthClient client = client(Providers.facebook());

    TokenSet longer = sixtyDays(client, AccessToken.bearer(Secret.of("AT"), Instant.EPOCH, null));

    assertThat(longer.accessToken().value().reveal()).isEqualTo("AT60");
  }

  private static TokenSet sixtyDays(OAuthClient client, AccessToken token) throws Exception {
    return client
        .grant("fb_exchange_token")
        .parameter("fb_exchange_token", token.value())
        .execute();
  }

  @Test
  void aProofOfTheSecretForFacebook() throws Exception {
    answer("{'access_token':'AT','token_type':'bearer'}");
    answer("{'id':'1','name':'N'}");
    Provider facebook = Providers.facebook();
    Secret appSecret = Secret.of("s3");

    OkHttpClient proving =
        http.newBuilder().addInterceptor(chain -> proven(chain, appSecret)).build();
    OAuthClient client = facebook.client("app-1", appSecret).httpClient(proving).build();
    TokenSet tokens = login(facebook, client);
    UserIdentity user = facebook.identity(tokens, client);

    assertThat(user.subject()).isEqualTo("1");
    server.takeRequest();
    // Made by another implementation of HMAC-SHA-256.
    assertThat(server.takeRequest().getUrl().queryParameter("appsecret_proof"))
        .isEqualTo("d634352061c4bd3313db41e846ec7f3dd0259cdfae9c715e2834d6931ad44906");
  }

  private static Response proven(Interceptor.Chain chain, Secret appSecret) throws IOException {
    Request request = chain.request();
    String authorization = request.header("Authorization");
    if (authorization == null) {
      return chain.proceed(request);
    }
    String token = authorization.substring("Bearer ".length());
    HttpUrl url =
        request
            .url()
            .newBuilder()
            .addQueryParameter("appsecret_proof", hmac(appSecret, token))
            .build();
    return chain.proceed(request.newBuilder().url(url).build());
  }

  private static String hmac(Secret key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void twitchWantsToKnowTheClientToo() throws Exception {
    try (ExampleSite site = ExampleSite.startWithCertificateOf("api.twitch.tv")) {
      site.answer("/helix/users", "{\"data\":[]}");
      TokenSource tokens = () -> AccessToken.bearer(Secret.of("AT"), Instant.EPOCH, null);

      OkHttpClient twitch = twitch(site.http(), tokens, "app-1");
      Request users = new Request.Builder().url("https://api.twitch.tv/helix/users").build();
      twitch.newCall(users).execute().close();

      RecordedRequest sent = site.requests("/helix/users").get(0);
      assertThat(sent.getHeaders().get("Client-Id")).isEqualTo("app-1");
      assertThat(sent.getHeaders().get("Authorization")).isEqualTo("Bearer AT");
    }
  }

  private static OkHttpClient twitch(OkHttpClient base, TokenSource tokens, String clientId) {
    OkHttpClient named =
        base.newBuilder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain.request().newBuilder().header("Client-Id", clientId).build()))
            .build();
    return Providers.twitch().interceptor(tokens).install(named);
  }

  @Test
  void oneTokenForAllServersOfAZoomAccount() throws Exception {
    answer("{'access_token':'AT','token_type':'bearer','expires_in':3600}");
    TokenStore store = new MemoryTokenStore(10);

    TokenSource tokens = zoom("account-1", "app-1", Secret.of("s3"), store);

    assertThat(tokens.token().value().reveal()).isEqualTo("AT");
    assertThat(zoom("account-1", "app-1", Secret.of("s3"), store).token().value().reveal())
        .isEqualTo("AT");
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  private TokenSource zoom(String accountId, String clientId, Secret secret, TokenStore store) {
    Provider zoom = Providers.zoomServer(accountId);
    OAuthClient client = zoom.client(clientId, secret).httpClient(http).build();
    return client.clientCredentials().tokenSource(store, "zoom " + accountId);
  }

  @Test
  void salesforceSaysWhereItsApiIs() throws Exception {
    answer(
        "{'access_token':'AT','token_type':'Bearer','refresh_token':'RT',"
            + "'instance_url':'https://acme.my.salesforce.com'}");
    OAuthClient client = client(Providers.salesforce());
    TokenSet tokens = login(Providers.salesforce(), client);

    try (ExampleSite site = ExampleSite.startWithCertificateOf("acme.my.salesforce.com")) {
      site.answer("/services/data", "{}");
      OkHttpClient api = salesforce(site.http(), client, tokens);
      Request versions =
          new Request.Builder().url("https://acme.my.salesforce.com/services/data").build();
      api.newCall(versions).execute().close();

      assertThat(site.requests().get(0).getHeaders().get("Authorization")).isEqualTo("Bearer AT");
    }
  }

  private static OkHttpClient salesforce(OkHttpClient base, OAuthClient client, TokenSet tokens) {
    String instance = String.valueOf(tokens.member("instance_url"));
    return new OAuthInterceptor(client.tokenSource(tokens), instance).install(base);
  }

  private OAuthClient client(Provider provider) {
    return provider.client("app-1", Secret.of("s3")).httpClient(http).build();
  }
}
