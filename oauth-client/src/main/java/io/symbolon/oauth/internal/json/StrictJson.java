package io.symbolon.oauth.internal.json;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
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
   * @throws MalformedJsonException when the bytes are anything else
   */
  public static Map<String, @Nullable Object> parseObject(byte[] utf8)
      throws MalformedJsonException {
    try {
      return parseObject(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(utf8))
              .toString());
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("it is not UTF-8");
    }
  }

  /**
   * Reads one JSON object from text.
   *
   * @throws MalformedJsonException when the text is anything else
   */
  @SuppressWarnings("unchecked") // the reader made the map
  public static Map<String, @Nullable Object> parseObject(String text)
      throws MalformedJsonException {
    if (parse(text) instanceof Map<?, ?> object) {
      return (Map<String, @Nullable Object>) object;
    }
    throw new MalformedJsonException("it is not a JSON object");
  }

  /**
   * Reads one JSON value of any type from text.
   *
   * @throws MalformedJsonException when the text is not exactly one JSON value
   */
  public static @Nullable Object parse(String text) throws MalformedJsonException {
    JsonLexemes.check(text, MAX_DEPTH, MAX_NUMBER_CHARS);
    JsonReader reader = JsonReader.of(new Buffer().writeUtf8(text));
    try {
      Object value = read(reader);
      if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
        throw new MalformedJsonException("something follows the end of the document");
      }
      return value;
    } catch (MalformedJsonException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The reader's message may quote the document, so it is neither repeated nor chained.
      throw new MalformedJsonException("it is not JSON");
    }
  }

  private static @Nullable Object read(JsonReader reader) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> readObject(reader);
      case BEGIN_ARRAY -> readArray(reader);
      case STRING -> wellFormed(reader.nextString());
      case NUMBER -> number(reader.nextString());
      case BOOLEAN -> reader.nextBoolean();
      case NULL -> reader.nextNull();
      default -> throw new MalformedJsonException("it is not JSON");
    };
  }

  private static Map<String, @Nullable Object> readObject(JsonReader reader) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = wellFormed(reader.nextName());
      if (members.containsKey(name)) {
        throw new MalformedJsonException("a member name occurs twice");
      }
      members.put(name, read(reader));
    }
    reader.endObject();
    return Collections.unmodifiableMap(members);
  }

  private static List<@Nullable Object> readArray(JsonReader reader) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      elements.add(read(reader));
    }
    reader.endArray();
    return Collections.unmodifiableList(elements);
  }

  private static Number number(String text) throws MalformedJsonException {
    if (text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0) {
      BigInteger integer = new BigInteger(text);
      return integer.bitLength() < Long.SIZE ? (Number) integer.longValue() : integer;
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new MalformedJsonException("a number is too large");
    }
    return value;
  }

  private static String wellFormed(String text) throws MalformedJsonException {
    // A pair makes one supplementary code point; a half stays what it is.
    if (text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
      throw new MalformedJsonException("a string holds half a surrogate pair");
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
