package io.symbolon.interop.conformance;

import io.symbolon.oauth.OAuthException;
import io.symbolon.oidc.IdTokenException;

/**
 * How Symbolon ended in a module: {@code completed}, the code of its typed error, or how it died.
 *
 * @param label what is compared, such as {@code invalid_id_token/iss} or {@code sub_mismatch}
 * @param detail the message; empty when it completed
 */
record Outcome(String label, String detail) {
  static final Outcome COMPLETED = new Outcome("completed", "");

  static Outcome of(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof IdTokenException refusal) {
      return new Outcome(refusal.code() + "/" + refusal.check(), message);
    }
    if (failure instanceof OAuthException refusal) {
      return new Outcome(refusal.code(), message);
    }
    return new Outcome("died: " + failure.getClass().getSimpleName(), message);
  }

  static Outcome tooSlow(String patience) {
    return new Outcome("died: too slow", "it was not done after " + patience);
  }
}
