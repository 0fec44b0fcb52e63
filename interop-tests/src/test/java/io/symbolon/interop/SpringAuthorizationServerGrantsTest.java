package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.cli.demo.DemoServer;
import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.DeviceAuthorization;
import io.symbolon.oauth.OAuthClient;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Device logins at Spring Authorization Server, whose answers name no interval. */
final class SpringAuthorizationServerGrantsTest {
  @AutoClose private static DemoServer server;

  @BeforeAll
  static void start() {
    server = DemoServer.start();
  }

  @Test
  void aDeviceGetsTokensWhenItsUserAgreesElsewhere() throws Exception {
    OAuthClient oauth =
        OAuthClient.builder().issuer(server.issuer()).clientId(server.desktop()).build();
    DeviceAuthorization device = oauth.device().scope("orders.read").begin();
    ScriptedBrowser.of(new OkHttpClient(), DemoServer.USERNAME, DemoServer.PASSWORD)
        .visit(device.verificationUriComplete().reveal());

    assertThat(device.await().scope()).containsExactly("orders.read");
  }
}
