package io.symbolon.oauth;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was looked at before an answer was refused, check by check, with the likely cause and the
 * fix. Holds no secret. Immutable.
 */
public final class Verdict implements Serializable {
  private static final long serialVersionUID = 1;

  private final String subject;
  private final ArrayList<Check> checks;
  private final @Nullable String cause;
  private final @Nullable String fix;

  private Verdict(Builder builder) {
    subject = builder.subject;
    checks = new ArrayList<>(builder.checks);
    cause = builder.cause;
    fix = builder.fix;
  }

  /**
   * One thing that was compared.
   *
   * @param name what was looked at, such as {@code iss}
   * @param passed whether it was as expected
   * @param expected what would have been right, in words
   * @param actual what came, in words; never a secret
   * @param section where the rule stands, such as {@code RFC 9207 §2.4}
   */
  public record Check(String name, boolean passed, String expected, String actual, String section)
      implements Serializable {}

  /** A verdict about something, such as {@code "the token response of https://…"}. */
  public static Builder about(String subject) {
    return new Builder(subject);
  }

  /** What was judged. */
  public String subject() {
    return subject;
  }

  /** The checks in the order in which they ran. */
  public List<Check> checks() {
    return Collections.unmodifiableList(checks);
  }

  /** Whether no check failed. */
  public boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }

  /** The first check that failed; null when none did. */
  public @Nullable Check failure() {
    return checks.stream().filter(check -> !check.passed()).findFirst().orElse(null);
  }

  /** The most likely reason, as a sentence; null when there is nothing to add. */
  public @Nullable String cause() {
    return cause;
  }

  /** What to do about it, as a sentence; null when there is nothing to add. */
  public @Nullable String fix() {
    return fix;
  }

  /** The whole verdict in lines of plain text, fit for a log or a terminal. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(subject);
    for (Check check : checks) {
      text.append(check.passed() ? "\n  ✓ " : "\n  ✗ ").append(check.name());
      text.append(check.passed() ? ": " : ": expected ");
      text.append(check.passed() ? check.actual() : check.expected() + ", got " + check.actual());
      text.append("  [").append(check.section()).append(']');
    }
    if (cause != null) {
      text.append("\n  likely cause: ").append(cause);
    }
    if (fix != null) {
      text.append("\n  what to do: ").append(fix);
    }
    return text.toString();
  }

  /** Collects checks. Not for several threads. */
  public static final class Builder {
    private final String subject;
    private final List<Check> checks = new ArrayList<>();
    private @Nullable String cause;
    private @Nullable String fix;

    private Builder(String subject) {
      this.subject = subject;
    }

    /** Notes one check and hands back whether it passed. */
    public boolean check(
        String name, boolean passed, String expected, String actual, String section) {
      checks.add(new Check(name, passed, expected, actual, section));
      return passed;
    }

    /** Notes a check that passed. */
    public Builder passed(String name, String actual, String section) {
      checks.add(new Check(name, true, actual, actual, section));
      return this;
    }

    /** Notes a check that failed. */
    public Builder failed(String name, String expected, String actual, String section) {
      checks.add(new Check(name, false, expected, actual, section));
      return this;
    }

    /** Says why this probably happened. */
    public Builder cause(String sentence) {
      cause = sentence;
      return this;
    }

    /** Says what to do about it. */
    public Builder fix(String sentence) {
      fix = sentence;
      return this;
    }

    /** The verdict so far. */
    public Verdict build() {
      return new Verdict(this);
    }
  }
}
