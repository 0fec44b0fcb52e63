package io.symbolon.oauth;

import org.jspecify.annotations.Nullable;

/** What usually helps against an error code of RFC 6749. */
final class ErrorHints {
  private ErrorHints() {}

  static @Nullable String fix(String error) {
    switch (error) {
      case "invalid_client":
        return "check client id and secret, and that the server allows this way to authenticate";
      case "invalid_grant":
        return "the code or refresh token is spent, expired, revoked or of another client; or the"
            + " redirect URI differs from the first request: log in again";
      case "unauthorized_client":
        return "allow this grant type for the client at the server";
      case "unsupported_grant_type":
        return "the server does not know this grant type; see grant_types_supported";
      case "invalid_scope":
        return "ask only for scopes that the server knows and the client may have";
      case "invalid_request":
        return "a parameter is missing or wrong; the description often names it";
      case "access_denied":
        return "the user or the server refused; ask again only when the user wants to";
      default:
        return null;
    }
  }
}
