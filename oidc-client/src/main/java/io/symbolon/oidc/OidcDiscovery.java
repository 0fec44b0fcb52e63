package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthListener;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.PublicAddresses;
import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Finds the provider of a user who has only typed who they are (OpenID Connect Discovery §2).
 *
 * <pre>{@code
 * OidcDiscovery discovery = new OidcDiscovery(new OkHttpClient());
 * String issuer = discovery.issuerOf("joe@example.com");
 * OidcClient oidc = OidcClient.builder()
 *     .issuer(issuer).clientId(idAt(issuer)).httpClient(discovery.httpClient()).build();
 * }</pre>
 *
 * <p>Whoever types decides which server is asked: it has a name, is asked over https on addresses
 * of the public internet or at an origin that the program has named, within ten seconds, and no
 * redirect is followed. Look the issuer up among those where you have registered before you go on;
 * its own metadata must then name it character by character, as always. Immutable and safe for many
 * threads.
 */
public final class OidcDiscovery {
  private static final String REL = "http://openid.net/specs/connect/1.0/issuer";
  private static final String SECTION = "OpenID Connect Discovery §2";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final OkHttpClient client;
  private final HttpExchange http;

  /**
   * @param base the application's HTTP client; not changed. A proxy on a private address does not
   *     work here
   * @param exempt origins whose addresses may be private, such as {@code
   *     https://login.corp.example}: where the users of an intranet belong. Never derive them from
   *     what somebody typed
   * @throws IllegalArgumentException when one of them is no URL
   */
  public OidcDiscovery(OkHttpClient base, String... exempt) {
    this(PublicAddresses.only(base, Arrays.asList(exempt)), TIMEOUT, null);
  }

  /**
   * The same with somebody who is told of each question. Whom it was about is in the query, which
   * no event shows.
   */
  public OidcDiscovery(OkHttpClient base, OAuthListener listener, String... exempt) {
    this(PublicAddresses.only(base, Arrays.asList(exempt)), TIMEOUT, listener);
  }

  private OidcDiscovery(OkHttpClient client, Duration timeout, @Nullable OAuthListener listener) {
    this.client = client;
    this.http = new HttpExchange(client, timeout, listener);
  }

  /** For tests whose servers are on loopback. */
  static OidcDiscovery unguarded(OkHttpClient client, @Nullable OAuthListener listener) {
    return new OidcDiscovery(client, TIMEOUT, listener);
  }

  /**
   * The issuer that the user's host names.
   *
   * @param identifier what the user typed: {@code joe@example.com}, {@code acct:joe@example.com},
   *     {@code example.com}, {@code example.com:8080} or {@code https://example.com/joe}
   * @throws InvalidResponseException when it is no identifier, or the answer names no issuer
   * @throws IOException when the host cannot be reached, or not on a public address
   */
  public String issuerOf(String identifier) throws IOException {
    UserIdentifier user = UserIdentifier.of(identifier);
    HttpUrl url =
        user.host()
            .newBuilder()
            .encodedPath("/.well-known/webfinger")
            .addQueryParameter("resource", user.resource())
            .addQueryParameter("rel", REL)
            .build();
    Request request =
        new Request.Builder()
            .url(url)
            .header("Accept", "application/jrd+json, application/json")
            .build();
    return issuer(http.execute("webfinger", request, Collections.emptyList()), url);
  }

  /**
   * The HTTP client for a provider that nobody has configured: it reaches addresses of the public
   * internet and what is exempt, and follows no redirect.
   */
  public OkHttpClient httpClient() {
    return client;
  }

  private static String issuer(HttpAnswer answer, HttpUrl url) throws InvalidResponseException {
    Verdict.Builder verdict = Verdict.about("the answer of " + Urls.redact(url));
    Set<Object> issuers = issuers(document(answer, verdict, url));
    if (!verdict.check(
        "links", issuers.size() == 1, "one issuer", issuers.size() + " of them", SECTION)) {
      throw refused("names " + issuers.size() + " issuers", url, verdict, answer);
    }
    Object issuer = issuers.iterator().next();
    String fault = issuer instanceof String text ? fault(text) : "it is not a text";
    verdict.check("href", fault == null, "an https issuer", Display.quote(issuer), SECTION);
    if (fault != null) {
      throw refused("names " + Display.quote(issuer) + ", but " + fault, url, verdict, answer);
    }
    return (String) issuer;
  }

  private static @Nullable String fault(String issuer) {
    return issuer.indexOf('?') >= 0
        ? "an issuer has neither query nor fragment"
        : issuer.startsWith("https://") ? Urls.fault(issuer, false) : "it is not https";
  }

  private static Map<String, @Nullable Object> document(
      HttpAnswer answer, Verdict.Builder verdict, HttpUrl url) throws InvalidResponseException {
    boolean right = answer.status() == 200 && answer.mayBeJson();
    String actual = answer.status() + " and " + Display.quote(answer.mediaType());
    if (!verdict.check("answer", right, "200 and JSON", actual, "RFC 7033 §4.2")) {
      throw refused("is " + actual, url, verdict, answer);
    }
    try {
      return answer.json();
    } catch (ParseException e) {
      verdict.failed("body", "a JSON object", e.getMessage() + "", "RFC 7033 §4.4");
      throw refused("cannot be read: " + e.getMessage(), url, verdict, answer);
    }
  }

  private static Set<Object> issuers(Map<String, @Nullable Object> document) {
    Set<Object> issuers = new LinkedHashSet<>();
    if (document.get("links") instanceof List<?> links) {
      for (Object link : links) {
        if (link instanceof Map<?, ?> map && REL.equals(map.get("rel"))) {
          issuers.add(String.valueOf(map.get("href")));
        }
      }
    }
    return issuers;
  }

  private static InvalidResponseException refused(
      String what, HttpUrl url, Verdict.Builder verdict, HttpAnswer answer) {
    return new InvalidResponseException(
        answer.isRedirect() ? "redirect_refused" : "no_issuer",
        "the answer of " + Urls.redact(url) + " " + what,
        verdict.build(),
        answer.status());
  }

  /** Nothing of anybody who was looked up. */
  @Override
  public String toString() {
    return "OpenID discovery by WebFinger";
  }
}
