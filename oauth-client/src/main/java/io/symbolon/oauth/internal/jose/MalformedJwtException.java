package io.symbolon.oauth.internal.jose;

/** A text that is not a JWT we look at. Quotes nothing. */
public final class MalformedJwtException extends Exception {
  private static final long serialVersionUID = 1;

  private final String check;

  MalformedJwtException(String check, String reason) {
    super(reason);
    this.check = check;
  }

  /** What was looked at: {@code format}, {@code json}, {@code alg}, {@code crit} … */
  public String check() {
    return check;
  }
}
