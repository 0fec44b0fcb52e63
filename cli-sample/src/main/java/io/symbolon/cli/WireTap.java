package io.symbolon.cli;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Shows each request on the wire without what must not be shown. */
final class WireTap implements Interceptor {
  private final Story story;

  WireTap(Story story) {
    this.story = story;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    long start = System.nanoTime();
    Response response = chain.proceed(request);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    story.wire(
        String.format(
            "%-4s %s%s  →  %d  (%d ms)",
            request.method(),
            address(request.url()),
            credential(request),
            response.code(),
            millis));
    return response;
  }

  private static String address(HttpUrl url) {
    return url.newBuilder().query(null).build().toString();
  }

  private static String credential(Request request) {
    String header = request.header("Authorization");
    return header == null ? "" : "  [" + header.substring(0, header.indexOf(' ')) + " ██]";
  }
}
