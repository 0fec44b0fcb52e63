package io.symbolon.oauth.testkit;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import okio.Buffer;

/** Maps, lists, strings, numbers, booleans and nulls as JSON text. */
final class Json {
  private Json() {}

  @SuppressWarnings("unchecked") // a JSON object has names for keys
  static Map<String, ?> read(String object) {
    try {
      return (Map<String, ?>) JsonReader.of(new Buffer().writeUtf8(object)).readJsonValue();
    } catch (IOException e) {
      throw new IllegalArgumentException("no JSON", e);
    }
  }

  static String write(Map<String, ?> object) {
    Buffer buffer = new Buffer();
    try (JsonWriter writer = JsonWriter.of(buffer)) {
      writer.setSerializeNulls(true);
      writer.jsonValue(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return buffer.readUtf8();
  }
}
