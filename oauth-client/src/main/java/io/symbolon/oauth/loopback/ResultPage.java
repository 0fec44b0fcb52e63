package io.symbolon.oauth.loopback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What the user sees in the browser: fixed texts, no script, nothing of the request. */
final class ResultPage {
  private static final String STYLE =
      "body{font:1.1rem/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:90vh;"
          + "margin:0;color:#1b2733;background:#f4f6f8}main{background:#fff;padding:2.5rem 3.5rem;"
          + "border-radius:1rem;box-shadow:0 2px 18px #0002;text-align:center}"
          + "h1{font-size:1.5rem;margin:0 0 .5rem}p{margin:0;color:#56636f}"
          + "@media(prefers-color-scheme:dark){body{background:#12171c;color:#e8edf2}"
          + "main{background:#1d242b}p{color:#a3b0bc}}";

  private ResultPage() {}

  static byte[] response(int status, boolean failed) {
    String page = page(status, failed);
    byte[] body = page.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 "
            + status
            + ' '
            + reason(status)
            + "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: "
            + body.length
            + (status == 405 ? "\r\nAllow: GET" : "")
            + "\r\nContent-Security-Policy: default-src 'none'; style-src 'sha256-"
            + styleHash()
            + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
            + "\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer"
            + "\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";
    return (head + page).getBytes(StandardCharsets.UTF_8);
  }

  private static String page(int status, boolean failed) {
    if (status != 200) {
      return html("Not for this page", "The program still waits for your sign-in.");
    }
    return failed
        ? html("Sign-in did not finish", "You can close this window; the program knows why.")
        : html("You are signed in", "You can close this window and return to the program.");
  }

  private static String html(String title, String text) {
    return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
        + title
        + "</title><meta name=\"viewport\" content=\"width=device-width\"><style>"
        + STYLE
        + "</style></head><body><main><h1>"
        + title
        + "</h1><p>"
        + text
        + "</p></main></body></html>";
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 414 -> "URI Too Long";
      default -> "Misdirected Request";
    };
  }

  private static String styleHash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(STYLE.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
