package io.symbolon.oauth;

import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A device that waits for its user to agree elsewhere (RFC 8628 §3.2). Show {@link #userCode} and
 * {@link #verificationUri}, then {@link #await}; a program that must not block calls {@link #poll}
 * as often as it likes.
 *
 * <p>Requests go out no faster than the server allows: five seconds apart unless it says otherwise,
 * five more after each {@code slow_down}, twice as long after each timeout, and none after {@link
 * #expiresAt}. Time is the client's clock. Safe for many threads.
 *
 * <p>Whoever enters the code gives this device access to their account. Show it to the person in
 * front of the device only; never send it to somebody, and never open the page for a user who
 * cannot see which device asks (RFC 8628 §5.4).
 */
public final class DeviceAuthorization {
  private static final String SECTION = "RFC 8628 §3.2";
  private static final Duration USUAL_INTERVAL = Duration.ofSeconds(5);
  // Codes are read out and typed; nobody types more.
  private static final Pattern USER_CODE =
      Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E]{0,62}[\\x21-\\x7E])?");

  private final String userCode;
  private final HttpUrl verificationUri;
  private final @Nullable Secret verificationUriComplete;
  private final Instant expiresAt;
  private final Polling polling;

  private DeviceAuthorization(
      String userCode,
      HttpUrl verificationUri,
      @Nullable Secret verificationUriComplete,
      Instant expiresAt,
      Polling polling) {
    this.userCode = userCode;
    this.verificationUri = verificationUri;
    this.verificationUriComplete = verificationUriComplete;
    this.expiresAt = expiresAt;
    this.polling = polling;
  }

  static DeviceAuthorization of(OAuthClient client, Set<String> scope, EndpointAnswer answer)
      throws IOException {
    Map<String, @Nullable Object> body = answer.object();
    Secret deviceCode = answer.requiredSecret(body, "device_code", SECTION);
    String userCode = userCode(body, answer);
    boolean loopbackHttp = client.server().tokenEndpoint().scheme().equals("http");
    HttpUrl uri = uri(body.get("verification_uri"), "verification_uri", loopbackHttp, answer);
    Object complete = body.get("verification_uri_complete");
    Duration lifetime = answer.requiredSeconds(body, "expires_in", SECTION);
    Instant expiresAt = client.clock().instant().plus(lifetime);
    TokenRequest request =
        TokenRequest.of(client, "urn:ietf:params:oauth:grant-type:device_code")
            .parameter("device_code", deviceCode)
            .asking(scope);
    return new DeviceAuthorization(
        userCode,
        uri,
        complete == null
            ? null
            : Secret.of(
                uri(complete, "verification_uri_complete", loopbackHttp, answer).toString()),
        expiresAt,
        new Polling(
            client, request, expiresAt, EndpointAnswer.interval(body, USUAL_INTERVAL, lifetime)));
  }

  private static String userCode(Map<String, @Nullable Object> body, EndpointAnswer answer)
      throws IOException {
    if (body.get("user_code") instanceof String text && USER_CODE.matcher(text).matches()) {
      return text;
    }
    throw answer.refused(
        "malformed_response",
        "sent a user_code that is missing or not 1 to 64 printable ASCII characters",
        SECTION);
  }

  private static HttpUrl uri(
      @Nullable Object value, String name, boolean loopbackHttp, EndpointAnswer answer)
      throws IOException {
    String fault = value instanceof String text ? Urls.fault(text, loopbackHttp) : "it is no text";
    if (fault != null) {
      throw answer.refused(
          "malformed_response", "sent a " + name + " that must not be opened: " + fault, SECTION);
    }
    return HttpUrl.get(String.valueOf(value));
  }

  /** What the user types on the page, exactly as the server wrote it: printable ASCII. */
  public String userCode() {
    return userCode;
  }

  /** The page, short enough to be typed; https, or http on loopback. */
  public HttpUrl verificationUri() {
    return verificationUri;
  }

  /**
   * The page with the code in it, to be shown as a QR code; null when the server has none. Show
   * {@link #userCode} beside it, for the user to compare. Whoever has it can agree in the user's
   * place, so it is a secret.
   */
  public @Nullable Secret verificationUriComplete() {
    return verificationUriComplete;
  }

  /** When the code ends, by our clock. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /** The time between two requests as it is now; {@code slow_down} makes it longer. */
  public Duration interval() {
    return polling.interval();
  }

  /**
   * Waits until the user has agreed. Once it has returned, it returns the same again.
   *
   * @throws OAuthErrorException when the user refused ({@code access_denied}) or the code ended
   *     ({@code expired_token})
   * @throws LoginRequiredException when the user did not decide before {@link #expiresAt}
   * @throws InvalidResponseException when the answer cannot be used
   * @throws java.io.InterruptedIOException when the thread was interrupted; it still is then
   * @throws IOException when {@link #cancel} was called
   */
  public TokenSet await() throws IOException {
    return polling.await();
  }

  /**
   * Asks once if it is time to ask again, and never waits for the user; null while nothing is
   * decided and while the server cannot be reached.
   *
   * @throws IOException as {@link #await} does
   */
  public @Nullable TokenSet poll() throws IOException {
    return polling.poll();
  }

  /** Ends every {@link #await}; nothing is sent any more. The server is not told. */
  public void cancel() {
    polling.cancel();
  }

  /** The page, and until when; not the code, which is as good as a password for a while. */
  @Override
  public String toString() {
    return "device authorization at " + Urls.redact(verificationUri) + " until " + expiresAt;
  }
}
