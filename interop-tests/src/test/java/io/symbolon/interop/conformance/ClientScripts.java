package io.symbolon.interop.conformance;

import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.Profile;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.registration.ClientMetadata;
import io.symbolon.oidc.LoginRequest;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcDiscovery;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogout;
import io.symbolon.oidc.UserInfo;
import java.time.Duration;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** What the client does in the modules. */
final class ClientScripts {
  private ClientScripts() {}

  /** A login, and UserInfo as its proof. */
  static void login(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    client.userInfo(run.signIn(client, client.login()));
  }

  /** The same with the secret, however the plan wants clients to authenticate. */
  static void loginWithSecret(ModuleRun run) throws Exception {
    OidcClient client = run.withSecret().build();
    client.userInfo(run.signIn(client, client.login()));
  }

  static void loginForClaims(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    client.userInfo(run.signIn(client, client.login().scope("profile email phone address")));
  }

  /** A login with a MAC, which nobody gets who does not ask for it. */
  static void loginWithMac(ModuleRun run) throws Exception {
    OidcClient client = run.client().idTokenAlgorithms("HS256").build();
    client.userInfo(run.signIn(client, client.login()));
  }

  /** The metadata and nothing else: the module is over then. */
  static void discovery(ModuleRun run) throws Exception {
    run.configured().build().oauth().server();
  }

  /** A registration and nothing else: the module is over then. */
  static void registration(ModuleRun run) throws Exception {
    run.registered(ClientMetadata.empty());
  }

  /** A login up to the keys; the module is over with them. */
  static void keys(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    run.signIn(client, client.login());
  }

  static void twoLogins(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    client.userInfo(run.signIn(client, client.login()));
    client.userInfo(run.signIn(client, client.login()));
  }

  /** Wants what cannot be had, so that the answer is an error. */
  static void loginThatFails(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    run.signIn(client, client.login().maxAge(Duration.ZERO).parameter("prompt", "none"));
  }

  static void refresh(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    OidcTokens tokens = run.signIn(client, client.login().scope("offline_access"));
    client.userInfo(client.refresh(tokens));
  }

  /** UserInfo as a JWT, which a client that is not registered now gets without a word. */
  static void signedUserInfo(ModuleRun run) throws Exception {
    OidcClient.Builder builder =
        run.client(ClientMetadata.empty().with("userinfo_signed_response_alg", "RS256"));
    OidcClient client = builder.userInfoAlgorithms("RS256").build();
    client.userInfo(run.signIn(client, client.login()));
  }

  /** A claim that somebody vouches for, here the suite itself. */
  static ClientScript providedClaim(String name) {
    return run -> {
      OidcClient client = run.client().build();
      UserInfo info = client.userInfo(run.signIn(client, client.login()));
      if (client.providedClaim(info, name) == null) {
        throw new SuiteException("the UserInfo of the suite names no source of " + name);
      }
    };
  }

  /** From what a user types to the metadata, where the module is over. */
  /** An account has no port: whoever looks one up asks at 443, wherever the suite listens. */
  static ClientScript webFinger(String module, boolean account) {
    return run -> {
      HttpUrl suite = run.settings().url();
      String standard = "https://" + suite.host();
      OkHttpClient http = run.settings().http();
      String alias = run.configuration().alias();
      String typed =
          account
              ? "acct:" + alias + "." + module + "@" + suite.host()
              : suite.newBuilder().addPathSegments(alias + "/" + module).build().toString();
      OidcDiscovery discovery =
          new OidcDiscovery(
              account ? PortForward.to(suite.port(), http) : http,
              account ? standard : suite.toString());
      OidcClient client =
          OidcClient.builder()
              .issuer(discovery.issuerOf(typed))
              .clientId(run.configuration().clientId())
              .httpClient(http)
              .build();
      client.oauth().server();
    };
  }

  /**
   * A logout, of which the suite tells us by the back channel before it sends the browser back. Its
   * metadata announces every algorithm and its keys fit several, so the client must name the one
   * that it is registered with, or a logout token with another one is as good.
   */
  static void logout(ModuleRun run) throws Exception {
    OidcClient client = run.client().idTokenAlgorithms("RS256").build();
    OidcTokens tokens = run.signIn(client, client.login());
    run.backChannel().expect(form -> client.backchannelLogout(form).ends(tokens.idToken()));
    PendingLogout logout = begin(client, tokens);
    String back = run.page(logout.url().toString());
    run.backChannel().throwRefusal();
    PendingLogout.checkReturn(logout.state(), back);
  }

  /** The page of the logout shows us in an iframe, and then tells the suite that it did. */
  static void frontChannelLogout(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    OidcTokens tokens = run.signIn(client, client.login());
    PendingLogout logout = begin(client, tokens);
    String page = run.page(logout.url().toString());
    client.checkFrontchannelLogout(
        tokens.idToken(), link(page, ClientConfiguration.FRONT_CHANNEL_LOGOUT_URI));
    String suite = run.issuer().replaceFirst("/$", "");
    run.page(link(page, suite + "/frontchannel_logout_callback"));
    PendingLogout.checkReturn(logout.state(), link(page, ClientConfiguration.LOGGED_OUT_URI));
  }

  /** The suite sends the browser to us, and we begin. */
  static void thirdPartyLogin(ModuleRun run) throws Exception {
    OidcClient client =
        run.client(
                ClientMetadata.empty()
                    .with("initiate_login_uri", ClientConfiguration.INITIATE_LOGIN_URI))
            .build();
    String url = run.browserUrl(ClientConfiguration.INITIATE_LOGIN_URI);
    LoginRequest request = client.thirdPartyLogin(HttpUrl.get(url).encodedQuery());
    client.userInfo(run.signIn(client, request));
  }

  /** A login as the profile has it, and a call with the token. */
  static void fapi(ModuleRun run) throws Exception {
    OidcClient client = fapiClient(run).profile(profile(run)).build();
    LoginRequest request = client.login().scope(ClientConfiguration.SCOPE);
    if (profile(run) == Profile.FAPI_2_0_MESSAGE_SIGNING) {
      request.signedWith(run.configuration().signingKey("PS256"));
    }
    run.callApi(client.tokenSource(run.signIn(client, request)));
  }

  /** Our plans sign both ways or neither. */
  private static Profile profile(ModuleRun run) {
    return run.variant("fapi_response_mode").equals("jarm")
        ? Profile.FAPI_2_0_MESSAGE_SIGNING
        : Profile.FAPI_2_0;
  }

  /** The user decides on their own phone, which is the suite's. */
  static void backchannelLogin(ModuleRun run) throws Exception {
    OidcClient client = cibaClient(run);
    run.callApi(client.tokenSource(client.await(ask(run, client))));
  }

  /** The API believes no token before the second renewal. */
  static void backchannelRefresh(ModuleRun run) throws Exception {
    OidcClient client = cibaClient(run);
    TokenSource tokens = client.tokenSource(client.await(ask(run, client)));
    if (run.apiStatus(tokens) == 401) {
      run.callApi(tokens);
    }
  }

  private static BackchannelAuthentication ask(ModuleRun run, OidcClient client) throws Exception {
    return client
        .backchannel()
        .scope(ClientConfiguration.SCOPE)
        .loginHint("ada@symbolon.example")
        .bindingMessage("W4SCT")
        .signedWith(run.configuration().signingKey("PS256"))
        .begin();
  }

  /** The metadata of somebody else, where the module is over. */
  static void fapiDiscovery(ModuleRun run) throws Exception {
    fapiClient(run).build().oauth().server();
  }

  /** Its profile is older than ours: what FAPI demands of signatures is said here. */
  private static OidcClient cibaClient(ModuleRun run) throws Exception {
    return fapiClient(run).idTokenAlgorithms("PS256", "ES256", "EdDSA").build();
  }

  static OidcClient.Builder fapiClient(ModuleRun run) throws Exception {
    OidcClient.Builder client =
        OidcClient.builder()
            .issuer(run.issuer())
            .clientId(run.configuration().clientId())
            .authentication(
                ClientAuthentication.privateKeyJwt(run.configuration().signingKey("PS256")))
            .httpClient(run.settings().mtlsHttp());
    return run.variant("sender_constrain").equals("dpop")
        ? client.dpop(SigningKey.generate("ES256"))
        : client.certificateBoundTokens();
  }

  private static PendingLogout begin(OidcClient client, OidcTokens tokens) throws Exception {
    return client
        .logout()
        .idTokenHint(tokens.idToken())
        .postLogoutRedirectUri(ClientConfiguration.LOGGED_OUT_URI)
        .begin();
  }

  /** A link in a script of a page, which may have its slashes escaped. */
  private static String link(String page, String start) throws SuiteException {
    String plain = page.replace("\\/", "/").replace("\\u0026", "&").replace("&amp;", "&");
    int from = plain.indexOf(start);
    if (from < 0) {
      throw new SuiteException("the page of the logout has no link to " + start);
    }
    return plain.substring(from).split("[\"'<>\\s]", 2)[0];
  }

  static ClientScript never(String what) {
    return run -> {
      throw new NotOffered(what);
    };
  }
}
