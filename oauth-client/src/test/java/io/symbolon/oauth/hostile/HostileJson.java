package io.symbolon.oauth.hostile;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;

/** JSON for the tests, read by Moshi alone: the reader under test must not judge its own inputs. */
public final class HostileJson {
  private HostileJson() {}

  /** One object from the class path. */
  public static Map<String, Object> resource(String name) {
    try (InputStream in = HostileJson.class.getResourceAsStream(name)) {
      return object(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One object from its text. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(String json) {
    try {
      return (Map<String, Object>) read(JsonReader.of(new Buffer().writeUtf8(json)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of an object. */
  public static String text(Map<?, ?> object) {
    Buffer text = new Buffer();
    try (JsonWriter writer = JsonWriter.of(text)) {
      writer.setSerializeNulls(true);
      writer.jsonValue(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.readUtf8();
  }

  private static Object read(JsonReader reader) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> readObject(reader);
      case BEGIN_ARRAY -> readArray(reader);
      case NUMBER -> number(reader.nextString());
      default -> reader.readJsonValue();
    };
  }

  private static Map<String, Object> readObject(JsonReader reader) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      members.put(reader.nextName(), read(reader));
    }
    reader.endObject();
    return members;
  }

  private static List<Object> readArray(JsonReader reader) throws IOException {
    List<Object> elements = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      elements.add(read(reader));
    }
    reader.endArray();
    return elements;
  }

  private static Number number(String text) {
    return text.matches("-?[0-9]{1,18}") ? (Number) Long.valueOf(text) : Double.valueOf(text);
  }
}
