package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.json.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what a server of a dialect answers into what the standard would have it answer. */
final class DialectAnswers {
  private static final int MOST_FORM_CHARS = 1 << 16;
  private static final int MOST_FORM_PAIRS = 100;
  private static final Pattern FUNCTION_CALL =
      Pattern.compile("[A-Za-z_$][A-Za-z0-9_$.]{0,63}\\s*\\((.*)\\)\\s*;?\\s*", Pattern.DOTALL);

  private final boolean anyMediaType;
  private final Map<String, String> errorMembers;
  private final Set<String> successCodes;
  private final List<String> envelopes;
  private final Map<String, String> members;
  private final Set<String> bearerTypes;
  private final boolean bearerUnlessSaid;
  private final String scopeSeparator;
  private final @Nullable UnaryOperator<Map<String, @Nullable Object>> conform;
  private final @Nullable Predicate<String> authentic;

  DialectAnswers(Dialect.Builder builder) {
    this.anyMediaType = builder.anyMediaType;
    this.errorMembers = new LinkedHashMap<>(builder.errorMembers);
    this.successCodes = new LinkedHashSet<>(builder.successCodes);
    this.envelopes = new ArrayList<>(builder.envelopes);
    this.members = new LinkedHashMap<>(builder.members);
    this.bearerTypes = new LinkedHashSet<>(builder.bearerTypes);
    this.bearerUnlessSaid = builder.bearerUnlessSaid;
    this.scopeSeparator = builder.scopeSeparator();
    this.conform = builder.conform;
    this.authentic = builder.authentic;
  }

  /** A test that fails is one that is not passed. */
  boolean believes(HttpAnswer answer) {
    try {
      return authentic == null || authentic.test(text(answer.body()));
    } catch (ParseException | RuntimeException e) {
      return false;
    }
  }

  /**
   * The members of a standard answer; an error when something is wrong.
   *
   * @param errors the standard errors by the codes of the server
   */
  Map<String, @Nullable Object> read(HttpAnswer answer, Map<String, String> errors)
      throws ParseException {
    Map<String, @Nullable Object> whole = content(answer);
    Map<String, @Nullable Object> failed = failed(whole, errors);
    if (failed != null) {
      return failed;
    }
    Map<String, @Nullable Object> inside = inside(whole);
    Map<String, @Nullable Object> failedInside = failed(inside, errors);
    if (failedInside != null) {
      return failedInside;
    }
    Map<String, @Nullable Object> renamed = renamed(inside);
    typed(renamed);
    separated(renamed);
    return conform == null ? renamed : conformed(renamed, conform);
  }

  /** An answer of a kind that the function was not written for must not end a program. */
  private static Map<String, @Nullable Object> conformed(
      Map<String, @Nullable Object> members, UnaryOperator<Map<String, @Nullable Object>> conform)
      throws ParseException {
    try {
      return conform.apply(members);
    } catch (RuntimeException e) {
      throw new ParseException("the dialect makes nothing of it: " + e.getClass(), 0);
    }
  }

  private Map<String, @Nullable Object> content(HttpAnswer answer) throws ParseException {
    if (!anyMediaType) {
      if (!answer.mayBeJson()) {
        throw new ParseException("the media type is " + Display.quote(answer.mediaType()), 0);
      }
      return answer.json();
    }
    String text = text(answer.body());
    if (text.startsWith("{")) {
      return StrictJson.parseObject(text);
    }
    Matcher call = FUNCTION_CALL.matcher(text);
    if (call.matches()) {
      return StrictJson.parseObject(String.valueOf(call.group(1)));
    }
    return form(text);
  }

  private static String text(byte[] body) throws ParseException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return (text.startsWith("\uFEFF") ? text.substring(1) : text).trim();
    } catch (CharacterCodingException e) {
      throw new ParseException("it is not UTF-8", 0);
    }
  }

  private static Map<String, @Nullable Object> form(String text) throws ParseException {
    if (text.startsWith("<") || text.indexOf('=') < 1) {
      throw new ParseException("it is neither JSON nor a form", 0);
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    try {
      for (FormCodec.Pair pair : FormCodec.decode(text, MOST_FORM_CHARS, MOST_FORM_PAIRS)) {
        if (members.put(pair.name(), pair.value()) != null) {
          throw new ParseException("a form with a name twice", 0);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new ParseException("a form that cannot be read: " + e.getMessage(), 0);
    }
    return members;
  }

  /** Null when nothing is wrong. */
  private @Nullable Map<String, @Nullable Object> failed(
      Map<String, @Nullable Object> object, Map<String, String> errors) {
    for (Map.Entry<String, String> place : errorMembers.entrySet()) {
      String code = scalar(at(object, place.getKey()));
      if (!code.isEmpty() && !successCodes.contains(code)) {
        return error(object, code, scalar(at(object, place.getValue())), errors);
      }
    }
    if (object.get("error") instanceof String code && errors.containsKey(code)) {
      return error(object, code, scalar(object.get("error_description")), errors);
    }
    return null;
  }

  private static Map<String, @Nullable Object> error(
      Map<String, @Nullable Object> object, String code, String text, Map<String, String> errors) {
    String standard = errors.getOrDefault(code, code);
    Map<String, @Nullable Object> error = new LinkedHashMap<>(object);
    error.put("error", standard);
    error.put(
        "error_description",
        standard.equals(code) ? text : text.isEmpty() ? code : code + ": " + text);
    return error;
  }

  private Map<String, @Nullable Object> inside(Map<String, @Nullable Object> whole) {
    for (String path : envelopes) {
      if (at(whole, path) instanceof Map<?, ?> inner) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        inner.forEach((name, value) -> object.put(String.valueOf(name), value));
        return object;
      }
    }
    return whole;
  }

  private Map<String, @Nullable Object> renamed(Map<String, @Nullable Object> object) {
    Map<String, @Nullable Object> renamed = new LinkedHashMap<>(object);
    members.forEach(
        (path, standard) -> {
          Object value = at(object, path);
          if (value != null) {
            dropToken(renamed, path, standard);
            renamed.put(standard, value);
          }
        });
    return renamed;
  }

  /** A token stands in one place only; other members keep the server's name, too. */
  private static void dropToken(
      Map<String, @Nullable Object> answer, String path, String standard) {
    if (standard.endsWith("_token")) {
      answer.remove(path);
    }
  }

  private void typed(Map<String, @Nullable Object> answer) {
    Object type = answer.get("token_type");
    boolean none = (type == null || type.equals("")) && bearerUnlessSaid;
    boolean known = type instanceof String text && bearerTypes.contains(text);
    if (answer.containsKey("access_token") && (none || known)) {
      answer.put("token_type", "Bearer");
    }
  }

  /** A separator at the end is forgiven. */
  private void separated(Map<String, @Nullable Object> answer) {
    if (!scopeSeparator.equals(" ") && answer.get("scope") instanceof String scope) {
      answer.put("scope", scope.replace(scopeSeparator, " ").trim());
    }
  }

  /** A text, or a number or truth value as one; empty for anything else. */
  static String scalar(@Nullable Object value) {
    boolean isScalar =
        value instanceof String || value instanceof Number || value instanceof Boolean;
    return isScalar ? String.valueOf(value) : "";
  }

  /** The value at a path; null when there is none. */
  static @Nullable Object at(Map<String, ? extends @Nullable Object> object, String path) {
    Object value = object.get(path);
    if (value != null) {
      return value;
    }
    value = object;
    for (String step : path.split("\\.", -1)) {
      value = step(value, step);
    }
    return value;
  }

  private static @Nullable Object step(@Nullable Object value, String step) {
    if (value instanceof List<?> list && step.matches("[0-9]{1,4}")) {
      int index = Integer.parseInt(step);
      return index < list.size() ? list.get(index) : null;
    }
    return value instanceof Map<?, ?> map ? map.get(step) : null;
  }
}
