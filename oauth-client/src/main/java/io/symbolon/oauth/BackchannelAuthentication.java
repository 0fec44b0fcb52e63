package io.symbolon.oauth;

import io.symbolon.oauth.internal.Constant;
import io.symbolon.oauth.internal.HttpAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A user who was asked on their own phone and has not answered yet (CIBA Core §7.3). It lives in
 * this process.
 *
 * <p>Requests go out no faster than the server allows: five seconds apart unless it says otherwise,
 * five more after each {@code slow_down}, twice as long after each timeout, none after {@link
 * #expiresAt}, and none at all when the server pushes the tokens. Time is the client's clock. Safe
 * for many threads.
 */
public final class BackchannelAuthentication {
  private static final String SECTION = "CIBA Core §7.3";
  private static final Duration USUAL_INTERVAL = Duration.ofSeconds(5);
  private static final int MAX_NOTIFICATION_CHARS = 1 << 20;
  private static final String BEARER = "Bearer ";

  private final OAuthClient client;
  private final TokenRequest request;
  private final Secret authReqId;
  private final HttpUrl endpoint;
  private final @Nullable Secret notificationToken;
  private final boolean pushed;
  private final Instant expiresAt;
  private final Polling polling;

  private BackchannelAuthentication(
      OAuthClient client,
      TokenRequest request,
      Secret authReqId,
      HttpUrl endpoint,
      @Nullable Secret notificationToken,
      boolean pushed,
      Instant expiresAt,
      Duration interval) {
    this.client = client;
    this.request = request;
    this.authReqId = authReqId;
    this.endpoint = endpoint;
    this.notificationToken = notificationToken;
    this.pushed = pushed;
    this.expiresAt = expiresAt;
    this.polling = new Polling(client, request, expiresAt, interval);
  }

  static BackchannelAuthentication of(
      OAuthClient client,
      TokenRequest request,
      EndpointAnswer answer,
      @Nullable Secret notificationToken,
      boolean pushed)
      throws IOException {
    Map<String, @Nullable Object> body = answer.object();
    Secret authReqId = answer.requiredSecret(body, "auth_req_id", SECTION);
    Duration lifetime = answer.requiredSeconds(body, "expires_in", SECTION);
    // Who waits for a push has nothing to ask for.
    Duration interval = pushed ? lifetime : EndpointAnswer.interval(body, USUAL_INTERVAL, lifetime);
    return new BackchannelAuthentication(
        client,
        request.parameter("auth_req_id", authReqId),
        authReqId,
        client.server().tokenEndpoint(),
        notificationToken,
        pushed,
        client.clock().instant().plus(lifetime),
        interval);
  }

  /** Until when the user can answer, by our clock. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /** The time between two requests as it is now; {@code slow_down} makes it longer. */
  public Duration interval() {
    return polling.interval();
  }

  /**
   * What the server shows at the notification endpoint, by which the program finds this one among
   * others; null when the server notifies nobody.
   */
  public @Nullable Secret notificationToken() {
    return notificationToken;
  }

  /**
   * Waits until the user has agreed. Once it has returned, it returns the same again.
   *
   * @throws OAuthErrorException when the user refused ({@code access_denied}), the time ended
   *     ({@code expired_token}) or it failed ({@code transaction_failed})
   * @throws LoginRequiredException when the user did not decide before {@link #expiresAt}
   * @throws InvalidResponseException when the answer cannot be used
   * @throws java.io.InterruptedIOException when the thread was interrupted; it still is then
   * @throws IOException when {@link #cancel} was called
   */
  public TokenSet await() throws IOException {
    return polling.await();
  }

  /**
   * Asks once if it is time to ask, and never waits for the user; null while nothing is decided and
   * while the server cannot be reached.
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

  /**
   * Believes, or refuses, what came to the notification endpoint (CIBA Core §10.2, §10.3). After
   * that, {@link #poll} and {@link #await} have the tokens, or ask for them at once. Answer 204;
   * 401 when this throws an {@code InvalidResponseException} with the code {@code
   * notification_token_mismatch}, 400 for another.
   *
   * @param authorization the {@code Authorization} header; null when there is none
   * @param body the JSON as it came; at most 1 MiB
   * @throws IllegalStateException when this request asked for neither {@code ping()} nor {@code
   *     push()}
   * @throws InvalidResponseException when it is not from the server, not about this request, or not
   *     as CIBA has it; nothing of it is kept
   * @throws IOException when a check of the tokens could not be done
   */
  public void notified(@Nullable String authorization, String body) throws IOException {
    try {
      checkAuthorization(authorization);
      EndpointAnswer answer = answer(body);
      if (pushed) {
        accept(answer);
      } else {
        polling.hurry();
      }
    } catch (InvalidResponseException e) {
      client.tellRefusal(e);
      throw e;
    }
  }

  private void checkAuthorization(@Nullable String authorization) throws InvalidResponseException {
    if (notificationToken == null) {
      throw new IllegalStateException("this request asked for neither ping() nor push()");
    }
    String shown = bearerToken(authorization);
    if (!Constant.timeEquals(shown, notificationToken.reveal())) {
      throw refused(
          "notification_token_mismatch",
          "Authorization",
          "the client_notification_token of this request",
          shown == null ? "none" : "another");
    }
  }

  private static @Nullable String bearerToken(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length())
        : null;
  }

  private EndpointAnswer answer(String body) throws InvalidResponseException {
    if (body.length() > MAX_NOTIFICATION_CHARS) {
      throw refused("too_large", "size", "at most 1 MiB", "more");
    }
    HttpAnswer answer = new HttpAnswer(200, Headers.of(), body.getBytes(StandardCharsets.UTF_8));
    checkContent(answer);
    return new EndpointAnswer(
        answer,
        endpoint,
        "token_endpoint",
        Collections.singletonList(authReqId.reveal()),
        client.clock().instant());
  }

  private void checkContent(HttpAnswer answer) throws InvalidResponseException {
    Map<String, @Nullable Object> content;
    try {
      content = answer.json();
    } catch (ParseException e) {
      throw refused("malformed_response", "body", "one JSON object", "none: " + e.getMessage());
    }
    boolean same =
        content.get("auth_req_id") instanceof String id
            && Constant.timeEquals(id, authReqId.reveal());
    if (!same) {
      throw refused("auth_req_id_mismatch", "auth_req_id", "that of this request", "another");
    }
    if (!pushed && (content.containsKey("access_token") || content.containsKey("error"))) {
      throw refused("malformed_response", "body", "an auth_req_id alone", "more, as in a push");
    }
  }

  private void accept(EndpointAnswer answer) throws IOException {
    try {
      polling.succeeded(request.pushed(answer));
    } catch (OAuthErrorException e) {
      polling.failed(e);
    }
  }

  private static InvalidResponseException refused(
      String code, String name, String expected, String actual) {
    return new InvalidResponseException(
        code,
        "the notification is refused: " + name + " should be " + expected + ", but is " + actual,
        Verdict.about("a notification about a backchannel login")
            .failed(name, expected, actual, "CIBA Core §10.2")
            .build());
  }

  /** Until when; no secret. */
  @Override
  public String toString() {
    return "backchannel authentication until " + expiresAt;
  }
}
