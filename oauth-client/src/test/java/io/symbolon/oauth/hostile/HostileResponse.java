package io.symbolon.oauth.hostile;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;

/** The HTTP response of a case, ready for MockWebServer. */
public final class HostileResponse {
  private static final Pattern SECRETS =
      Pattern.compile("\"(?:access_token|refresh_token|id_token)\"\\s*:\\s*\"([^\"]*)\"");

  private final Map<?, ?> json;

  HostileResponse(Map<?, ?> json) {
    this.json = json;
  }

  public int status() {
    return ((Long) json.get("status")).intValue();
  }

  /** What the transport does to it; null when nothing. */
  public String fault() {
    Map<?, ?> transport = (Map<?, ?>) json.get("transport");
    return transport == null ? null : (String) transport.get("fault");
  }

  /** The tokens in the body, which must not show in any message. */
  public Stream<String> secrets() {
    Matcher secrets = SECRETS.matcher(body().readUtf8());
    return secrets.results().map(result -> result.group(1));
  }

  /** The body as JSON object, for a case whose body is one. */
  public Map<String, Object> jsonBody() {
    return HostileJson.object(body().readUtf8().replace("\uFEFF", ""));
  }

  /** The response for MockWebServer, with the fault of the transport. */
  public MockResponse mock() {
    MockResponse.Builder response = new MockResponse.Builder().code(status()).body(body());
    for (Object header : (List<?>) json.get("headers")) {
      response.addHeader((String) ((List<?>) header).get(0), ((List<?>) header).get(1));
    }
    return fault() == null ? response.build() : faulty(response);
  }

  private MockResponse faulty(MockResponse.Builder response) {
    return switch (fault()) {
      case "truncate" -> cut(response.setHeader("Content-Length", body().size() + 100));
      case "truncate_chunked" ->
          cut(
              response
                  .body(unfinishedChunks())
                  .removeHeader("Content-Length")
                  .addHeader("Transfer-Encoding", "chunked"));
      case "endless_body" ->
          response
              .body(new EndlessBody(body().readByteString()))
              .removeHeader("Content-Length")
              .build();
      case "drip" -> response.throttleBody(1, period(), TimeUnit.MILLISECONDS).build();
      default -> response.build(); // a fault of TLS, which is the server's
    };
  }

  private static MockResponse cut(MockResponse.Builder response) {
    return response.onResponseEnd(new SocketEffect.CloseSocket()).build();
  }

  private long period() {
    return (Long) ((Map<?, ?>) json.get("transport")).get("every_ms");
  }

  private Buffer unfinishedChunks() {
    Buffer chunk = new Buffer().writeHexadecimalUnsignedLong(body().size()).writeUtf8("\r\n");
    chunk.write(body().readByteString());
    return chunk.writeUtf8("\r\n");
  }

  /** The body, whatever the transport does to it. */
  public byte[] octets() {
    return body().readByteArray();
  }

  private Buffer body() {
    if (json.containsKey("body_hex")) {
      return new Buffer().write(ByteString.decodeHex((String) json.get("body_hex")));
    }
    if (json.containsKey("body_gen")) {
      return new Buffer().writeUtf8(generated((Map<?, ?>) json.get("body_gen")));
    }
    return new Buffer().writeUtf8((String) json.get("body"));
  }

  private static String generated(Map<?, ?> recipe) {
    StringBuilder text = new StringBuilder((String) recipe.get("prefix"));
    int times = ((Long) recipe.get("times")).intValue();
    for (int i = 0; i < times; i++) {
      text.append(
          recipe.containsKey("repeat_fmt")
              ? ((String) recipe.get("repeat_fmt")).replace("%d", Integer.toString(i))
              : (String) recipe.get("repeat"));
    }
    return text.append((String) recipe.get("suffix")).toString();
  }

  /** Writes until nobody reads any more. */
  private record EndlessBody(ByteString piece) implements MockResponseBody {
    @Override
    public long getContentLength() {
      return -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      while (true) {
        sink.write(piece);
      }
    }
  }
}
