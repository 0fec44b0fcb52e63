package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthEvent;
import io.symbolon.oauth.hostile.ExampleSite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the provider of a user is, asked of a host that the user has named. */
class OidcDiscoveryTest {
  private static final String REL = "http://openid.net/specs/connect/1.0/issuer";

  private final List<OAuthEvent> events = new CopyOnWriteArrayList<>();
  private ExampleSite site;
  private OidcDiscovery discovery;

  @BeforeEach
  void start() throws Exception {
    site = ExampleSite.start();
    OkHttpClient http = site.http().newBuilder().hostnameVerifier((host, session) -> true).build();
    discovery = OidcDiscovery.unguarded(http, events::add);
    answer(link("https://login.example.com"));
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private static String link(String href) {
    return "{\"rel\":\"" + REL + "\",\"href\":\"" + href + "\"}";
  }

  private void answer(String links) {
    site.answer(
        "/.well-known/webfinger",
        new MockResponse.Builder()
            .setHeader("Content-Type", "application/jrd+json")
            .body("{\"subject\":\"acct:joe@as.example.com\",\"links\":[" + links + "]}")
            .build());
  }

  private void assertRefused(String identifier, String code) {
    assertThatThrownBy(() -> discovery.issuerOf(identifier))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.verdict().failure()).isNotNull();
            });
  }

  /** The examples of OpenID Connect Discovery §2.2, and their neighbours. */
  @ParameterizedTest
  @CsvSource({
    "joe@example.com, example.com, 443, acct:joe@example.com",
    "' joe@example.com ', example.com, 443, acct:joe@example.com",
    "acct:joe@example.com, example.com, 443, acct:joe@example.com",
    "https://example.com/joe, example.com, 443, https://example.com/joe",
    "https://example.com/joe#me, example.com, 443, https://example.com/joe",
    "https://example.com:8080/, example.com, 8080, https://example.com:8080/",
    "example.com, example.com, 443, https://example.com/",
    "example.com:8080, example.com, 8080, https://example.com:8080/",
    "example.com/joe?a=b, example.com, 443, https://example.com/joe?a=b",
    "joe@example.com:8080, example.com, 8080, https://joe@example.com:8080/",
    "juliet@capulet.example@shopping.example.com, shopping.example.com, 443,"
        + " acct:juliet%40capulet.example@shopping.example.com",
    "EXAMPLE.com, example.com, 443, https://EXAMPLE.com/",
    "joe@bücher.example, xn--bcher-kva.example, 443, acct:joe@bücher.example"
  })
  void anIdentifierIsNormalized(String typed, String host, int port, String resource)
      throws Exception {
    UserIdentifier identifier = UserIdentifier.of(typed);

    assertThat(identifier.resource()).isEqualTo(resource);
    assertThat(identifier.host().host()).isEqualTo(host);
    assertThat(identifier.host().port()).isEqualTo(port);
    assertThat(identifier.host().isHttps()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@example.com",
        "=joe",
        "!joe",
        "joe@",
        "acct:example.com",
        "acct:joe@example.com/x",
        "mailto:joe@example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "example.com:0",
        "example.com:99999",
        "a b@example.com",
        "joe@exa mple.com",
        "joe:secret@example.com",
        "127.0.0.1",
        "joe@10.0.0.1",
        "joe@127.1",
        "joe@2130706433",
        "joe@①②⑦.0.0.1",
        "joe@[::1]",
        "https://[fe80::1]/",
        "https://user@169.254.169.254/latest",
        "https://example.com\\@127.0.0.1/",
        "https://example.com%2f@127.0.0.1/"
      })
  void anythingElseIsNobodysIdentifierAndNoRequest(String typed) {
    assertRefused(typed, "invalid_identifier");
    assertThat(site.contacts()).isEmpty();
  }

  @Test
  void aHostileLengthIsRefusedAtOnce() {
    assertRefused("a".repeat(1_000_000) + "@example.com", "invalid_identifier");
    assertRefused("a@".repeat(200) + "example.com", "invalid_identifier");
  }

  @Test
  void theHostIsAskedForTheIssuer() throws Exception {
    assertThat(discovery.issuerOf("joe@as.example.com")).isEqualTo("https://login.example.com");

    assertThat(site.requests())
        .singleElement()
        .extracting(RecordedRequest::getTarget)
        .isEqualTo(
            "/.well-known/webfinger?resource=acct%3Ajoe%40as.example.com"
                + "&rel=http%3A%2F%2Fopenid.net%2Fspecs%2Fconnect%2F1.0%2Fissuer");
    assertThat(site.requests().get(0).getHeaders().get("Authorization")).isNull();
    assertThat(site.contacts()).containsExactly("as.example.com");
  }

  @Test
  void otherLinksDoNotMatter() throws Exception {
    answer("{\"rel\":\"avatar\",\"href\":\"x\"},7," + link("https://login.example.com/a"));

    assertThat(discovery.issuerOf("as.example.com")).isEqualTo("https://login.example.com/a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"rel\":\"other\",\"href\":\"https://login.example.com\"}",
        "{\"rel\":\"http://openid.net/specs/connect/1.0/issuer\"}",
        "{\"rel\":\"http://openid.net/specs/connect/1.0/issuer\",\"href\":\"http://127.0.0.1\"}",
        "{\"rel\":\"http://openid.net/specs/connect/1.0/issuer\",\"href\":\"http://a.example\"}",
        "{\"rel\":\"http://openid.net/specs/connect/1.0/issuer\",\"href\":\"https://a.example?b\"}",
        "{\"rel\":\"http://openid.net/specs/connect/1.0/issuer\",\"href\":\"https://a.example#b\"}",
        "{\"rel\":\"http://openid.net/specs/connect/1.0/issuer\",\"href\":\"https://u@a.example\"}",
        "{\"rel\":\"http://openid.net/specs/connect/1.0/issuer\",\"href\":\"https://a.example\"},"
            + "{\"rel\":\"http://openid.net/specs/connect/1.0/issuer\",\"href\":\"https://b.example\"}"
      })
  void anAnswerWithoutOneHttpsIssuerIsRefused(String links) {
    answer(links);

    assertRefused("joe@as.example.com", "no_issuer");
  }

  @Test
  void nothingButJsonIsRead() {
    site.answer("/.well-known/webfinger", "{\"links\":[");
    assertRefused("joe@as.example.com", "no_issuer");
    site.answer(
        "/.well-known/webfinger",
        new MockResponse.Builder().setHeader("Content-Type", "text/html").body("{}").build());
    assertRefused("joe@as.example.com", "no_issuer");
    site.answer("/.well-known/webfinger", new MockResponse.Builder().code(404).build());
    assertRefused("joe@as.example.com", "no_issuer");
  }

  @Test
  void aRedirectIsNotFollowed() {
    site.answer(
        "/.well-known/webfinger",
        new MockResponse.Builder()
            .code(302)
            .setHeader("Location", "https://evil.example/")
            .build());

    assertRefused("joe@as.example.com", "redirect_refused");
    assertThat(site.contacts()).containsExactly("as.example.com");
  }

  // What the public constructor adds.

  @Test
  void aNameThatLeadsInsideIsNotContacted() {
    OidcDiscovery guarded = new OidcDiscovery(site.http()); // whose DNS says 127.0.0.1

    assertThatThrownBy(() -> guarded.issuerOf("joe@as.example.com"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("not public");
    assertThat(site.contacts()).isEmpty();
  }

  @Test
  void anOriginThatTheProgramNamesMayBeInside() throws Exception {
    OidcDiscovery intranet = new OidcDiscovery(site.http(), "https://as.example.com");

    assertThat(intranet.issuerOf("joe@as.example.com")).isNotNull();
    assertThatThrownBy(() -> intranet.issuerOf("joe@other.example.com"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("not public");
    assertThatThrownBy(() -> intranet.issuerOf("https://as.example.com:8443/joe"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("another port");
    assertThat(site.contacts()).containsExactly("as.example.com");
  }

  @Test
  void aNameThatIsRebindToTheInsideIsNotContacted() throws Exception {
    List<String> answers = new ArrayList<>(List.of("93.184.215.14", "127.0.0.1"));
    OkHttpClient rebinding =
        site.http()
            .newBuilder()
            .dns(host -> List.of(InetAddress.getByName(answers.remove(0))))
            .hostnameVerifier((host, session) -> true)
            .build();
    OidcDiscovery guarded = new OidcDiscovery(rebinding);
    assertThat(guarded.issuerOf("joe@as.example.com")).isNotNull();
    guarded.httpClient().connectionPool().evictAll();

    OidcClient oidc =
        OidcClient.builder()
            .issuer("https://other.example.com")
            .clientId("shop")
            .httpClient(guarded.httpClient())
            .build();

    assertThatThrownBy(() -> oidc.oauth().server()).isInstanceOf(UnknownHostException.class);
    assertThat(site.contacts()).containsExactly("93.184.215.14");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://127.0.0.1", "https://[::1]", "https://10.1.2.3:8443"})
  void anIssuerThatIsAnAddressIsNotContacted(String issuer) {
    OidcClient oidc =
        OidcClient.builder()
            .issuer(issuer)
            .clientId("shop")
            .httpClient(new OidcDiscovery(site.http()).httpClient())
            .build();

    assertThatThrownBy(() -> oidc.oauth().server()).isInstanceOf(IOException.class);
    assertThat(site.contacts()).isEmpty();
  }

  @Test
  void aListenerHearsOfTheQuestionAndNotOfTheUser() throws Exception {
    discovery.issuerOf("joe@as.example.com");

    assertThat(events)
        .map(OAuthEvent.Request.class::cast)
        .extracting(it -> it.endpoint() + " " + it.httpStatus() + " " + it.outcome())
        .containsExactly("webfinger 200 ok");
    assertThat(events).asString().contains("as.example.com/.well-known/").doesNotContain("joe");
  }
}
