package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oidc.LogoutToken;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import io.symbolon.oidc.PendingLogout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A user logs out at node-oidc-provider, and the provider tells our back channel. */
final class OidcProviderLogoutTest {
  private static final BlockingQueue<String> FORMS = new LinkedBlockingQueue<>();
  private static HttpServer receiver;
  @AutoClose private static OidcProviderProcess provider;

  @BeforeAll
  static void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/backchannel", OidcProviderLogoutTest::receive);
    receiver.start();
    provider =
        OidcProviderProcess.with()
            .backchannelLogoutUri(
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/backchannel")
            .start();
  }

  @AfterAll
  static void stop() {
    receiver.stop(0);
  }

  private static void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
    FORMS.add(new String(body, StandardCharsets.US_ASCII));
  }

  private static OidcClient client() {
    return OidcClient.builder()
        .issuer(provider.issuer())
        .clientId("basic")
        .clientSecret(Secret.of(OidcProviderProcess.SECRET))
        .httpClient(provider.http())
        .build();
  }

  private static OidcTokens signIn(OidcClient shop, ScriptedBrowser ada) throws IOException {
    PendingLogin login = shop.login().redirectUri("https://rp.localhost/cb").begin();
    return shop.complete(login, ada.callback(login.url().toString()).url().toString());
  }

  @Test
  void theUserComesBackFromTheLogoutAndTheBackChannelHearsOfIt() throws Exception {
    OidcClient shop = client();
    ScriptedBrowser ada = ScriptedBrowser.of(provider.http(), "ada", "anything");
    OidcTokens tokens = signIn(shop, ada);
    PendingLogout logout =
        shop.logout()
            .idTokenHint(tokens.idToken())
            .postLogoutRedirectUri("https://rp.localhost/post")
            .begin();

    String back = ada.callback(logout.url().toString()).url().toString();
    assertThat(back).startsWith("https://rp.localhost/post?");
    PendingLogout.checkReturn(logout.state(), back);
    PendingLogout another = shop.logout().postLogoutRedirectUri("https://rp.localhost/x").begin();
    assertThatThrownBy(() -> PendingLogout.checkReturn(another.state(), back))
        .isInstanceOf(InvalidResponseException.class);

    String form = FORMS.poll(20, TimeUnit.SECONDS);
    assertThat(form).as(provider.output()).isNotNull();
    LogoutToken token = shop.backchannelLogout(form);
    assertThat(token.ends(tokens.idToken())).isTrue();
    assertThat(token.sessionId()).isEqualTo(tokens.idToken().sessionId()).isNotNull();
    assertThatThrownBy(() -> shop.backchannelLogout(form))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo("jti"));
    assertThatThrownBy(
            () ->
                OidcClient.builder()
                    .issuer(provider.issuer())
                    .clientId("post")
                    .httpClient(provider.http())
                    .build()
                    .backchannelLogout(form))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo("aud"));
    OidcTokens fresh = signIn(shop, ScriptedBrowser.of(provider.http(), "ada", "anything"));
    assertThat(token.ends(fresh.idToken())).isFalse();
  }
}
