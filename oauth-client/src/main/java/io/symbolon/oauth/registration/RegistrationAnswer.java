package io.symbolon.oauth.registration;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.Urls;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** What the registration endpoint or the place of a client answered (RFC 7591 §3.2). */
final class RegistrationAnswer {
  private static final double LAST_SECOND = 253_402_300_799.0; // of the year 9999

  private static final String REGISTERED = "a registered client";

  private final HttpAnswer answer;
  private final HttpUrl url;
  private final Collection<String> secrets;

  /**
   * @param secrets what we sent and the server must not make us print
   */
  RegistrationAnswer(HttpAnswer answer, HttpUrl url, Collection<String> secrets) {
    this.answer = answer;
    this.url = url;
    this.secrets = secrets;
  }

  /** The client; what the server does not repeat of its place and token stays as it was. */
  ClientRegistration registration(Map<String, ? extends @Nullable Object> before)
      throws OAuthException {
    Map<String, @Nullable Object> body = body();
    requireSuccess(body, REGISTERED);
    if (body == null) {
      throw refused(
          "malformed_response", REGISTERED, "did not answer with a JSON object", "RFC 7591 §3.2.1");
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (String kept :
        Arrays.asList(
            "client_secret",
            "client_secret_expires_at",
            "registration_access_token",
            "registration_client_uri")) {
      if (before.get(kept) != null) {
        members.put(kept, before.get(kept));
      }
    }
    members.putAll(body);
    String fault = fault(members, !url.isHttps());
    if (fault != null) {
      throw refused("malformed_response", REGISTERED, "sent " + fault, "RFC 7591 §3.2.1");
    }
    Object clientId = before.get("client_id");
    if (clientId != null && !clientId.equals(members.get("client_id"))) {
      throw refused("client_mismatch", REGISTERED, "answered about another client", "RFC 7592 §3");
    }
    return new ClientRegistration(members);
  }

  void requireDeleted() throws OAuthException {
    requireSuccess(body(), "a deleted client");
  }

  /** What makes a registration unusable; null when nothing does. */
  static @Nullable String fault(Map<String, @Nullable Object> members, boolean loopbackHttp) {
    if (!(members.get("client_id") instanceof String id) || !id.matches("[\\x20-\\x7E]+")) {
      return "no client_id of visible characters";
    }
    for (String name : Arrays.asList("client_secret", "registration_access_token")) {
      Object value = members.get(name);
      if (value != null && !(value instanceof String text && text.matches("[\\x20-\\x7E]+"))) {
        return name + " that is not a text of visible characters";
      }
    }
    for (String name : Arrays.asList("client_secret_expires_at", "client_id_issued_at")) {
      if (members.get(name) != null && !isTime(members.get(name))) {
        return name + " that is not a time in seconds";
      }
    }
    Object place = members.get("registration_client_uri");
    String wrong =
        place == null ? null : place instanceof String u ? Urls.fault(u, loopbackHttp) : "no text";
    return wrong == null ? null : "a registration_client_uri that cannot be used: " + wrong;
  }

  private static boolean isTime(@Nullable Object value) {
    return value instanceof Number seconds
        && seconds.doubleValue() >= 0
        && seconds.doubleValue() <= LAST_SECOND;
  }

  private @Nullable Map<String, @Nullable Object> body() {
    try {
      return answer.mayBeJson() ? answer.json() : null;
    } catch (ParseException e) {
      return null;
    }
  }

  private void requireSuccess(@Nullable Map<String, @Nullable Object> body, String expected)
      throws OAuthException {
    Map<String, @Nullable Object> members = body == null ? Collections.emptyMap() : body;
    if (answer.isRedirect()) {
      throw refused(
          "redirect_refused", expected, "wants to redirect; that is not followed", "RFC 7592 §2");
    }
    if (members.get("error") instanceof String error && !error.isEmpty()) {
      Object text = members.get("error_description");
      throw new OAuthErrorException(
          Display.clean(error, secrets),
          text instanceof String description ? Display.clean(description, secrets) : null,
          Urls.redact(url),
          answer.status());
    }
    if (!answer.isSuccess()) {
      throw refused(
          "http_error", expected, "answered with HTTP status " + answer.status(), "RFC 7591 §3.2");
    }
  }

  private InvalidResponseException refused(
      String code, String expected, String reason, String section) {
    String from = Urls.redact(url);
    return new InvalidResponseException(
        code,
        from + " " + reason,
        Verdict.about("the answer of " + from)
            .failed("response", expected, reason, section)
            .build(),
        answer.status());
  }
}
