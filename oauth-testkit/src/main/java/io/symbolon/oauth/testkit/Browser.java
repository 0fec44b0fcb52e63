package io.symbolon.oauth.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Goes to the authorization endpoint as a browser would, and stops where the client would be called
 * back.
 */
final class Browser {
  private final @Nullable SSLSocketFactory sslSocketFactory;

  Browser(@Nullable SSLSocketFactory sslSocketFactory) {
    this.sslSocketFactory = sslSocketFactory;
  }

  /** The URL that the server redirects to. */
  String redirect(String url) throws IOException {
    HttpURLConnection connection = open(url);
    String page = body(connection);
    String location = connection.getHeaderField("Location");
    if (location == null) throw unexpected(connection.getResponseCode(), "redirect", page);
    return location;
  }

  /** The form that the server's page posts to the client. */
  String formPost(String url) throws IOException {
    HttpURLConnection connection = open(url);
    String page = body(connection);
    if (!page.contains("<form")) throw unexpected(connection.getResponseCode(), "form", page);
    return FormPost.body(page);
  }

  private HttpURLConnection open(String url) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
    if (connection instanceof HttpsURLConnection https && sslSocketFactory != null) {
      https.setSSLSocketFactory(sslSocketFactory);
    }
    connection.setInstanceFollowRedirects(false);
    // A kept connection would leave a thread behind.
    connection.setRequestProperty("Connection", "close");
    return connection;
  }

  private static String body(HttpURLConnection connection) throws IOException {
    boolean failed = connection.getResponseCode() >= 400;
    try (InputStream in = failed ? connection.getErrorStream() : connection.getInputStream()) {
      return in == null ? "" : new String(in.readAllBytes(), UTF_8);
    }
  }

  private static IOException unexpected(int status, String wanted, String page) {
    return new IOException("the browser got no " + wanted + " but a page: " + status + " " + page);
  }
}
