package io.symbolon.oauth.testkit;

/** The server says no, with an error code of RFC 6749, section 4.1.2.1 or 5.2. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String error;

  private Refusal(String error, String description) {
    super(description, null, false, false);
    this.error = error;
  }

  static Refusal of(String error, String description) {
    return new Refusal(error, description);
  }

  String error() {
    return error;
  }

  String description() {
    return String.valueOf(getMessage());
  }

  /** The HTTP status that goes with an error of the token endpoint. */
  static int status(String error) {
    return switch (error) {
      case "invalid_client" -> 401;
      case "server_error" -> 500;
      case "temporarily_unavailable" -> 503;
      default -> 400;
    };
  }
}
