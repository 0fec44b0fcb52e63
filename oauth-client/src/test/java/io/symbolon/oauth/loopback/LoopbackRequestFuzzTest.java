package io.symbolon.oauth.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class LoopbackRequestFuzzTest {
  private static final String STATE = "af0ifjsldkj";

  static Stream<byte[]> seeds() {
    return Stream.of(
            "GET /cb?code=x&state=af0ifjsldkj HTTP/1.1\r\nHost: 127.0.0.1:1234\r\n\r\n",
            "GET http://127.0.0.1:1234/cb?state=%61 HTTP/1.0\r\nhost: evil\r\nA: b\r\n\r\n",
            "POST /cb HTTP/1.1\r\nHost: 127.0.0.1:1234\r\nContent-Length: 3\r\n\r\na=b",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @MethodSource("seeds")
  @FuzzTest
  void onlyARequestWithTheStateEndsTheWait(byte[] octets) {
    try {
      RedirectRequest request =
          RedirectRequest.read(new ByteArrayInputStream(octets), Long.MAX_VALUE);
      int status = request.judge("127.0.0.1:1234", "/cb", Secret.of(STATE));
      assertThat(status).isIn(200, 400, 404, 405, 414, 421);
      request.isError();
      if (status == 200) {
        assertThat(request.pathAndQuery()).startsWith("/cb?").contains("state=");
      }
    } catch (IOException e) {
      // As declared.
    }
  }
}
