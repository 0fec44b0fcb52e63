package io.symbolon.oauth.internal.json;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * JSON as RFC 8259 says and no other: one object, names unique, depth and number length bounded, no
 * character that must be escaped, no lone surrogate, nothing behind the end.
 *
 * <p>Values are {@code String}, {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean},
 * {@code List}, {@code Map} and null; collections cannot be modified. A number that no double can
 * hold is refused rather than turned into infinity. Messages never quote the document.
 */
public final class StrictJson {
  /** Nesting that real documents do not reach and that no parser's stack notices. */
  public static final int MAX_DEPTH = 64;

  private static final int MAX_NUMBER_CHARS = 100;

  private StrictJson() {}

  /**
   * Reads one JSON object from UTF-8 bytes.
   *
   * @throws ParseException when the bytes are anything else
   */
  public static Map<String, @Nullable Object> parseObject(byte[] utf8) throws ParseException {
    try {
      return parseObject(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(utf8))
              .toString());
    } catch (CharacterCodingException e) {
      throw new ParseException("it is not UTF-8", 0);
    }
  }

  /**
   * Reads one JSON object from text.
   *
   * @throws ParseException when the text is anything else
   */
  @SuppressWarnings("unchecked") // the reader made the map
  public static Map<String, @Nullable Object> parseObject(String text) throws ParseException {
    if (parse(text) instanceof Map<?, ?> object) {
      return (Map<String, @Nullable Object>) object;
    }
    throw new ParseException("it is not a JSON object", 0);
  }

  /**
   * Reads one JSON value of any type from text.
   *
   * @throws ParseException when the text is not exactly one JSON value
   */
  public static @Nullable Object parse(String text) throws ParseException {
    checkCharacters(text);
    JsonReader reader = JsonReader.of(new Buffer().writeUtf8(text));
    try {
      Object value = read(reader);
      if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
        throw new ParseException("something follows the end of the document", 0);
      }
      return value;
    } catch (IOException | RuntimeException e) {
      // The reader's message may quote the document, so it is neither repeated nor chained.
      throw new ParseException("it is not JSON", 0);
    }
  }

  /**
   * One pass before any parser sees the text: what Moshi's reader lets through (raw control
   * characters, {@code True}) or pays dearly for (depth, digits).
   */
  private static void checkCharacters(String text) throws ParseException {
    int depth = 0;
    int numberChars = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        i = endOfString(text, i);
        continue;
      }
      numberChars = isNumberChar(c) ? numberChars + 1 : 0;
      if (numberChars > MAX_NUMBER_CHARS) {
        throw new ParseException("a number has more than " + MAX_NUMBER_CHARS + " digits", i);
      }
      if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        throw new ParseException("it is nested deeper than " + MAX_DEPTH + " levels", i);
      }
      checkOutsideString(text, i, c);
    }
  }

  private static int endOfString(String text, int start) throws ParseException {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c < ' ') {
        throw new ParseException("a string holds a raw control character", i);
      }
      if (c == '\\') {
        i++;
      }
    }
    throw new ParseException("a string does not end", start);
  }

  private static boolean isNumberChar(char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
  }

  private static void checkOutsideString(String text, int i, char c) throws ParseException {
    if (c > '~' || (c < ' ' && c != '\t' && c != '\n' && c != '\r')) {
      throw new ParseException("it holds a character that JSON does not know", i);
    }
    boolean exponent = c == 'E' && i > 0 && Character.isDigit(text.charAt(i - 1));
    if (c >= 'A' && c <= 'Z' && !exponent) {
      throw new ParseException("a literal is not in lower case", i);
    }
  }

  private static @Nullable Object read(JsonReader reader) throws IOException, ParseException {
    JsonReader.Token next = reader.peek();
    if (next == JsonReader.Token.BEGIN_OBJECT) {
      return readObject(reader);
    }
    if (next == JsonReader.Token.BEGIN_ARRAY) {
      return readArray(reader);
    }
    if (next == JsonReader.Token.STRING) {
      return wellFormed(reader.nextString());
    }
    if (next == JsonReader.Token.NUMBER) {
      return number(reader.nextString());
    }
    return next == JsonReader.Token.BOOLEAN ? (Object) reader.nextBoolean() : reader.nextNull();
  }

  private static Map<String, @Nullable Object> readObject(JsonReader reader)
      throws IOException, ParseException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = wellFormed(reader.nextName());
      if (members.containsKey(name)) {
        throw new ParseException("a member name occurs twice", 0);
      }
      members.put(name, read(reader));
    }
    reader.endObject();
    return Collections.unmodifiableMap(members);
  }

  private static List<@Nullable Object> readArray(JsonReader reader)
      throws IOException, ParseException {
    List<@Nullable Object> elements = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      elements.add(read(reader));
    }
    reader.endArray();
    return Collections.unmodifiableList(elements);
  }

  private static Number number(String text) throws ParseException {
    if (text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0) {
      BigInteger integer = new BigInteger(text);
      return integer.bitLength() < Long.SIZE ? (Number) integer.longValue() : integer;
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new ParseException("a number is too large", 0);
    }
    return value;
  }

  private static String wellFormed(String text) throws ParseException {
    // A pair makes one supplementary code point; a half stays what it is.
    if (text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
      throw new ParseException("a string holds half a surrogate pair", 0);
    }
    return text;
  }

  /** Writes what {@link #parse} reads; other values are a mistake in the program. */
  public static String write(Map<String, ? extends @Nullable Object> object) {
    return writeValue(object);
  }

  /** The same for a list of objects. */
  public static String writeArray(List<? extends Map<String, ?>> objects) {
    return writeValue(objects);
  }

  private static String writeValue(Object value) {
    Buffer buffer = new Buffer();
    try (JsonWriter writer = JsonWriter.of(buffer)) {
      writer.setSerializeNulls(true);
      writer.jsonValue(value);
    } catch (IOException e) {
      throw new IllegalStateException("a buffer in memory failed", e);
    }
    return buffer.readUtf8();
  }
}
