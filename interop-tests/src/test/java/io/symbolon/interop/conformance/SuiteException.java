package io.symbolon.interop.conformance;

import java.io.IOException;

/** The suite cannot be used; the message is one sentence and says why. */
final class SuiteException extends IOException {
  private static final long serialVersionUID = 1;

  SuiteException(String message) {
    super(message);
  }
}
