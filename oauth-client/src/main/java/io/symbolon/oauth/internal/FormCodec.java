package io.symbolon.oauth.internal;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;

/** {@code application/x-www-form-urlencoded} as RFC 6749, appendix B, asks for it. */
public final class FormCodec {
  private static final MediaType FORM = MediaType.get("application/x-www-form-urlencoded");

  private FormCodec() {}

  /** One name and one value. */
  public record Pair(String name, String value) {}

  /** A name or value in the form encoding. */
  @SuppressWarnings("JdkObsolete") // Android 26 has only this overload
  public static String encode(String text) {
    try {
      return URLEncoder.encode(text, "UTF-8");
    } catch (java.io.UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A form as one string. */
  public static String encode(Map<String, String> parameters) {
    StringBuilder form = new StringBuilder();
    parameters.forEach(
        (name, value) -> {
          if (form.length() > 0) {
            form.append('&');
          }
          form.append(encode(name)).append('=').append(encode(value));
        });
    return form.toString();
  }

  /** A request body that OkHttp will not send a second time, whatever happens. */
  public static RequestBody oneShotBody(Map<String, String> parameters) {
    return oneShotBody(encode(parameters));
  }

  /** The same for a form that is encoded already. */
  public static RequestBody oneShotBody(String form) {
    return oneShotBody(FORM, form.getBytes(StandardCharsets.US_ASCII));
  }

  /** The same for anything else. */
  public static RequestBody oneShotBody(MediaType type, byte[] octets) {
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return type;
      }

      @Override
      public long contentLength() {
        return octets.length;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        sink.write(octets);
      }

      @Override
      public boolean isOneShot() {
        return true;
      }
    };
  }

  /**
   * Decodes a query or a form, once.
   *
   * @throws IllegalArgumentException when it is too long, has too many parameters, a broken percent
   *     sequence or octets that are not UTF-8; the message quotes nothing
   */
  public static List<Pair> decode(String form, int maxChars, int maxPairs) {
    if (form.length() > maxChars) {
      throw new IllegalArgumentException("it is longer than " + maxChars + " characters");
    }
    List<Pair> pairs = new ArrayList<>();
    int start = 0;
    while (start <= form.length()) {
      int end = form.indexOf('&', start);
      end = end < 0 ? form.length() : end;
      if (end > start) {
        if (pairs.size() == maxPairs) {
          throw new IllegalArgumentException("it has more than " + maxPairs + " parameters");
        }
        pairs.add(pair(form.substring(start, end)));
      }
      start = end + 1;
    }
    return pairs;
  }

  private static Pair pair(String text) {
    int equals = text.indexOf('=');
    return equals < 0
        ? new Pair(decode(text), "")
        : new Pair(decode(text.substring(0, equals)), decode(text.substring(equals + 1)));
  }

  private static String decode(String text) {
    Buffer octets = new Buffer();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c == '+') {
        octets.writeByte(' ');
      } else if (c == '%') {
        octets.writeByte(hex(text, i + 1) * 16 + hex(text, i + 2));
        i += 2;
      } else {
        octets.writeUtf8CodePoint(c);
      }
      i += Character.charCount(c);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(octets.readByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it does not decode to UTF-8");
    }
  }

  private static int hex(String text, int i) {
    int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
    if (digit < 0 || text.charAt(i) > 'f') {
      throw new IllegalArgumentException("a percent sign is not followed by two hex digits");
    }
    return digit;
  }
}
