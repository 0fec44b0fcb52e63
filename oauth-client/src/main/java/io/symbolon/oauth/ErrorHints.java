package io.symbolon.oauth;

import org.jspecify.annotations.Nullable;

/** What usually helps against an error code of RFC 6749. */
final class ErrorHints {
  private ErrorHints() {}

  static @Nullable String fix(String error) {
    return switch (error) {
      case "invalid_client" ->
          "check client id and secret, and that the server allows this way to authenticate";
      case "invalid_grant" ->
          "the code or refresh token is spent, expired, revoked or of another client; or the"
              + " redirect URI differs from the first request: log in again";
      case "unauthorized_client" -> "allow this grant type for the client at the server";
      case "unsupported_grant_type" ->
          "the server does not know this grant type; see grant_types_supported";
      case "invalid_scope" -> "ask only for scopes that the server knows and the client may have";
      case "invalid_request" -> "a parameter is missing or wrong; the description often names it";
      case "access_denied" ->
          "the user or the server refused; ask again only when the user wants to";
      case "use_fresh_attestation" ->
          "the server wants a newer client attestation: have the supplier get one, and try again";
      case "invalid_client_attestation" ->
          "check that the server trusts the attester, and that it attests this instance key";
      default -> null;
    };
  }
}
