package io.symbolon.cli.demo;

import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * A browser with a user in front of it, for programs that must sign somebody in while nobody is
 * there.
 *
 * <p>It keeps cookies, follows redirects, fills in the login form and agrees to what it is asked.
 * It runs no JavaScript. Leaving the server's origin means that the server has handed over to the
 * application.
 */
public final class ScriptedBrowser {
  private static final int MAX_PAGES = 20;

  private final OkHttpClient http;
  private final String username;
  private final String password;

  private ScriptedBrowser(OkHttpClient http, String username, String password) {
    this.http = http;
    this.username = username;
    this.password = password;
  }

  /**
   * A user with a fresh browser. The client's TLS settings are used, not its cookies and redirect
   * rules.
   */
  public static ScriptedBrowser of(OkHttpClient http, String username, String password) {
    OkHttpClient browser =
        http.newBuilder()
            .cookieJar(new BrowserCookies())
            .followRedirects(false)
            .followSslRedirects(false)
            .build();
    return new ScriptedBrowser(browser, username, password);
  }

  /**
   * Opens a server's page and goes on until the server sends the browser to the application.
   *
   * @return the request that the browser would now send to the application (a GET, or the POST of
   *     {@code form_post}), not sent
   */
  public Request callback(String url) throws IOException {
    Stop stop = walk(url);
    if (stop instanceof Leaving leaving) return leaving.request;
    throw new IOException("the server stays on its own page: " + stop);
  }

  /**
   * Like {@link #callback(String)}, and sends that request: the application is waiting for it.
   * Returns its page.
   */
  public String signIn(String url) throws IOException {
    try (Response page = http.newCall(asBrowser(callback(url))).execute()) {
      return page.body().string();
    }
  }

  /**
   * Opens a server's page and goes on until there is nothing left to answer, as in a device login.
   * Returns that page's text.
   */
  public String visit(String url) throws IOException {
    Stop stop = walk(url);
    if (stop instanceof Staying staying) return staying.page.text();
    throw new IOException("the server sends the browser away: " + stop);
  }

  private Stop walk(String url) throws IOException {
    Request request = new Request.Builder().url(url).build();
    HttpUrl start = request.url();
    Visit visit = new Visit();
    for (int i = 0; i < MAX_PAGES; i++) {
      if (!sameOrigin(start, request.url())) return new Leaving(request);
      try (Response response = http.newCall(asBrowser(request)).execute()) {
        Request next = redirect(response);
        if (next == null) {
          Document page = page(response);
          next = visit.answer(page);
          if (next == null) return new Staying(page);
        }
        request = next;
      }
    }
    throw new IOException("more than " + MAX_PAGES + " pages from " + start.redact());
  }

  /** Servers show their login page to those who can read it. */
  private static Request asBrowser(Request request) {
    return request.newBuilder().header("Accept", "text/html").build();
  }

  private static @Nullable Request redirect(Response response) throws IOException {
    String location = response.header("Location");
    if (!response.isRedirect() || location == null) return null;
    HttpUrl target = response.request().url().resolve(location);
    if (target == null)
      throw new IOException("a redirect to something that is not http: " + location);
    return new Request.Builder().url(target).build();
  }

  private static Document page(Response response) throws IOException {
    Document page = Jsoup.parse(response.body().string(), response.request().url().toString());
    if (response.isSuccessful()) return page;
    throw new IOException(
        "HTTP "
            + response.code()
            + " at "
            + response.request().url().redact()
            + ": "
            + summary(page));
  }

  private static String summary(Document page) {
    String text = page.text();
    return text.substring(0, Math.min(text.length(), 200));
  }

  private static boolean sameOrigin(HttpUrl a, HttpUrl b) {
    return a.scheme().equals(b.scheme()) && a.host().equals(b.host()) && a.port() == b.port();
  }

  /**
   * The user's part of one walk: the password is given once, a second question for it means that it
   * was wrong.
   */
  private final class Visit {
    private boolean passwordGiven;

    @Nullable Request answer(Document page) throws IOException {
      Element form = FilledForm.formOf(page);
      if (form == null) return null;
      if (FilledForm.asksForPassword(form)) givePassword(page);
      return FilledForm.fill(form, username, password);
    }

    private void givePassword(Document page) throws IOException {
      if (passwordGiven)
        throw new IOException("the server does not let " + username + " in: " + summary(page));
      passwordGiven = true;
    }
  }

  private sealed interface Stop {}

  /** On the way to the application. */
  private record Leaving(Request request) implements Stop {
    @Override
    public String toString() {
      return request.url().redact();
    }
  }

  /** On a page that asks for nothing. */
  private record Staying(Document page) implements Stop {
    @Override
    public String toString() {
      return summary(page);
    }
  }
}
