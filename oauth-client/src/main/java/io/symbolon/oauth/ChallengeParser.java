package io.symbolon.oauth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code WWW-Authenticate} field by the grammar of RFC 9110 §11.6.1. At the first
 * violation it stops: the challenges that were complete by then stay, the broken one is lost.
 */
final class ChallengeParser {
  private static final int MAX_CHALLENGES = 16;
  private static final int MAX_PARAMETERS = 64;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern TOKEN68 =
      Pattern.compile("[A-Za-z0-9._~+/-]++=*+(?=[ \t]*+(,|\\z))");

  private final String field;
  private final List<Challenge> complete = new ArrayList<>();
  private final Matcher token;
  private final Matcher token68;
  private int at;

  private ChallengeParser(String field) {
    this.field = field;
    this.token = TOKEN.matcher(field);
    this.token68 = TOKEN68.matcher(field);
  }

  static List<Challenge> parse(String field) {
    ChallengeParser parser = new ChallengeParser(field);
    parser.skipEmptyElements();
    while (parser.complete.size() < MAX_CHALLENGES) {
      Challenge challenge = parser.challenge();
      if (challenge == null) {
        break;
      }
      parser.complete.add(challenge);
    }
    return Collections.unmodifiableList(parser.complete);
  }

  private @Nullable Challenge challenge() {
    String scheme = match(token);
    int gap = at;
    skip(" \t");
    if (scheme == null || !(atElementEnd() || field.substring(gap, at).matches(" +"))) {
      return null;
    }
    String name = scheme.toLowerCase(Locale.ROOT);
    String text = match(token68);
    if (text != null) {
      skipEmptyElements();
      return new Challenge(name, Collections.emptyMap(), text);
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!atElementEnd() && !parameter(parameters)) {
      return null;
    }
    return moreParameters(parameters) ? new Challenge(name, parameters, null) : null;
  }

  /** Up to the scheme of the next challenge, which is a token without an equals sign behind it. */
  private boolean moreParameters(Map<String, String> parameters) {
    skipEmptyElements();
    while (isParameter()) {
      if (!parameter(parameters)) {
        return false;
      }
      skipEmptyElements();
    }
    return true;
  }

  private boolean isParameter() {
    int start = at;
    boolean is = match(token) != null && skip(" \t") && at < field.length() && is('=');
    at = start;
    return is;
  }

  private boolean parameter(Map<String, String> parameters) {
    String name = match(token);
    skip(" \t");
    if (name == null || at == field.length() || !is('=')) {
      return false;
    }
    at++;
    skip(" \t");
    String value = at < field.length() && is('"') ? quoted() : match(token);
    skip(" \t");
    return value != null
        && atElementEnd()
        && parameters.size() < MAX_PARAMETERS
        && parameters.put(name.toLowerCase(Locale.ROOT), value) == null;
  }

  private @Nullable String quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < field.length(); at++) {
      char c = field.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\' && ++at < field.length()) {
        c = field.charAt(at);
      }
      if (isControl(c)) {
        return null;
      }
      value.append(c);
    }
    return null;
  }

  private static boolean isControl(char c) {
    return c != '\t' && (c < ' ' || c == 0x7F);
  }

  private boolean is(char c) {
    return field.charAt(at) == c;
  }

  private boolean atElementEnd() {
    return at == field.length() || is(',');
  }

  private void skipEmptyElements() {
    skip(", \t");
  }

  private boolean skip(String characters) {
    while (at < field.length() && characters.indexOf(field.charAt(at)) >= 0) {
      at++;
    }
    return true;
  }

  private @Nullable String match(Matcher matcher) {
    if (!matcher.region(at, field.length()).lookingAt()) {
      return null;
    }
    at = matcher.end();
    return matcher.group();
  }
}
