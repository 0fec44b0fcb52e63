package io.symbolon.oauth.loopback;

import io.symbolon.oauth.Secret;
import io.symbolon.oauth.internal.Display;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Receives the redirect of a login on this computer (RFC 8252 §7.3): for command line and desktop
 * programs.
 *
 * <pre>{@code
 * try (LoopbackRedirect redirect = LoopbackRedirect.listen()) {
 *   PendingAuthorization pending = oauth.authorize().redirectUri(redirect.uri()).begin();
 *   Desktop.getDesktop().browse(pending.url());
 *   TokenSet tokens =
 *       oauth.complete(pending, redirect.await(pending.state(), Duration.ofMinutes(5)));
 * }
 * }</pre>
 *
 * <p>It listens on the loopback address only, before the browser opens, on a port that the system
 * picks. Exactly one request ends the wait: a GET for the path with the right {@code Host} and the
 * right state; everything else (another program, another page) is refused and the wait goes on. The
 * page that the user sees repeats nothing of the request. Limits: 64 KiB a request, 5 seconds and
 * 64 connections at a time.
 */
public final class LoopbackRedirect implements Closeable {
  private static final Pattern URI =
      Pattern.compile(
          "http://(?<host>127\\.0\\.0\\.1|\\[::1])(:(?<port>[0-9]{1,5}))?"
              + "(?<path>/[A-Za-z0-9._~/-]*)");
  private static final int MAX_CONNECTIONS = 64;
  private static final int CONNECTION_MILLIS = 5_000;

  private final ServerSocket server;
  private final String authority;
  private final String path;
  private final CompletableFuture<Secret> expectedState = new CompletableFuture<>();
  private final CompletableFuture<String> callback = new CompletableFuture<>();
  private final CompletableFuture<Void> accepting = new CompletableFuture<>();
  private final AtomicBoolean taken = new AtomicBoolean();
  private final Deque<Socket> connections = new ArrayDeque<>();

  private LoopbackRedirect(ServerSocket server, String host, String path) {
    this.server = server;
    this.authority = host + ":" + server.getLocalPort();
    this.path = path;
  }

  /**
   * Listens on {@code http://127.0.0.1:{a free port}/callback}.
   *
   * @throws IOException when no port can be had
   */
  public static LoopbackRedirect listen() throws IOException {
    return listen("http://127.0.0.1/callback");
  }

  /**
   * Listens where a redirect URI points to, as it is registered at the server.
   *
   * @param redirectUri with the host {@code 127.0.0.1} or {@code [::1]} and a path; without a port
   *     (or with port 0) the system picks one, which servers must allow (RFC 8252 §7.3)
   * @throws IllegalArgumentException when it is not such a URI
   * @throws IOException when the port is taken, perhaps by somebody who waits for your code
   */
  public static LoopbackRedirect listen(String redirectUri) throws IOException {
    Matcher uri = URI.matcher(redirectUri);
    int port = uri.matches() ? port(uri) : -1;
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "a loopback redirect URI is http://127.0.0.1/path or http://[::1]/path, with a port or"
              + " without, but "
              + Display.quote(redirectUri)
              + " is not");
    }
    ServerSocket server = new ServerSocket();
    try {
      server.bind(new InetSocketAddress(InetAddress.getByName(uri.group("host")), port));
    } catch (IOException e) {
      server.close();
      throw e;
    }
    LoopbackRedirect redirect = new LoopbackRedirect(server, uri.group("host"), uri.group("path"));
    redirect.start();
    return redirect;
  }

  private static int port(Matcher uri) {
    String port = uri.group("port");
    return port == null ? 0 : Integer.parseInt(port);
  }

  /** The redirect URI for the authorization request, with the port. */
  public String uri() {
    return "http://" + authority + path;
  }

  /**
   * Waits for the browser to come back, then closes.
   *
   * @param state the state of the pending login; only a request that carries it ends the wait
   * @param timeout how long the user may take
   * @return the whole callback URL, for {@code complete}
   * @throws IOException when the browser did not come back in time, or on interruption
   */
  public String await(Secret state, Duration timeout) throws IOException {
    expectedState.complete(state);
    try {
      return callback.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new InterruptedIOException(
          "the browser did not come back to " + uri() + " within " + timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the browser");
    } catch (ExecutionException e) {
      throw new IOException("the receiver at " + uri() + " was closed", e.getCause());
    } finally {
      close();
    }
  }

  /** Frees the port; whoever waits ends with an error. */
  @Override
  public void close() throws IOException {
    server.close();
    callback.completeExceptionally(new IOException("closed"));
    // The system keeps the port until the accepting thread has left its call, which is now.
    accepting.join();
    synchronized (connections) {
      for (Socket connection : connections) {
        closeQuietly(connection);
      }
    }
  }

  private void start() {
    thread(this::acceptAll, "symbolon-loopback").start();
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void acceptAll() {
    try {
      while (!server.isClosed()) {
        accept();
      }
    } finally {
      accepting.complete(null);
    }
  }

  private void accept() {
    try {
      Socket connection = server.accept();
      makeRoom(connection);
      thread(() -> serve(connection), "symbolon-loopback-connection").start();
    } catch (IOException e) {
      // Closed, or this one connection failed: whoever calls looks which.
    }
  }

  /** The browser's connection is the newest, so that the oldest gives way. */
  private void makeRoom(Socket connection) {
    synchronized (connections) {
      if (connections.size() == MAX_CONNECTIONS) {
        closeQuietly(connections.removeFirst());
      }
      connections.addLast(connection);
    }
  }

  private void serve(Socket connection) {
    try {
      connection.setSoTimeout(CONNECTION_MILLIS);
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CONNECTION_MILLIS);
      RedirectRequest request = RedirectRequest.read(connection.getInputStream(), deadline);
      int judged = request.judge(authority, path, expectedState.get(5, TimeUnit.SECONDS));
      // Who comes second, or after the wait is over, must not be told that all is well.
      boolean late = callback.isDone() || (judged == 200 && !taken.compareAndSet(false, true));
      int status = judged == 200 && late ? 400 : judged;
      connection.getOutputStream().write(ResultPage.response(status, request.isError()));
      connection.getOutputStream().flush();
      connection.shutdownOutput();
      if (status == 200) {
        callback.complete("http://" + authority + request.pathAndQuery());
      }
    } catch (IOException | InterruptedException | ExecutionException | TimeoutException e) {
      // Whoever it was is not the browser that we wait for; the wait goes on.
    } finally {
      synchronized (connections) {
        connections.remove(connection);
      }
      closeQuietly(connection);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost.
    }
  }

  /** Where it listens. */
  @Override
  public String toString() {
    return "redirect receiver at " + uri();
  }
}
