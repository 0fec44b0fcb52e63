package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.text.ParseException;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class DiscoveryFuzzTest {
  private static final String ISSUER = "https://as.example.com";

  static Stream<byte[]> seeds() {
    return HostileCases.of("discovery_jwks")
        .all()
        .filter(hostile -> hostile.object("response").containsKey("body"))
        .map(hostile -> hostile.response().octets());
  }

  @MethodSource("seeds")
  @FuzzTest
  void aDocumentIsAServerOrAReason(byte[] body) throws IOException {
    try {
      AuthorizationServer server =
          AuthorizationServer.fromMetadata(ISSUER, StrictJson.parseObject(body), "here", null);
      assertThat(server.issuer()).isEqualTo(ISSUER);
      for (String name : new String[] {"token_endpoint", "jwks_uri", "userinfo_endpoint"}) {
        HttpUrl endpoint = server.endpoint(name);
        assertThat(endpoint == null || endpoint.isHttps() || isLoopback(endpoint)).isTrue();
      }
      assertThat(server.toString()).isNotEmpty();
    } catch (ParseException | OAuthException e) {
      assertThat(e).hasMessageContaining(" ");
    }
  }

  private static boolean isLoopback(HttpUrl url) {
    return url.host().equals("localhost")
        || url.host().equals("::1")
        || url.host().startsWith("127.");
  }
}
