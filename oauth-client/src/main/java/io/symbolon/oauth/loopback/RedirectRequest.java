package io.symbolon.oauth.loopback;

import io.symbolon.oauth.Secret;
import io.symbolon.oauth.internal.FormCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The head of one HTTP request to the receiver, and what to answer. */
final class RedirectRequest {
  private static final int MAX_OCTETS = 64 * 1024;
  private static final int MAX_PARAMETERS = 100;

  private final String method;
  private final String target;
  private final List<String> hosts;
  private final boolean tooLong;

  private RedirectRequest(String method, String target, List<String> hosts, boolean tooLong) {
    this.method = method;
    this.target = target;
    this.hosts = hosts;
    this.tooLong = tooLong;
  }

  static RedirectRequest read(InputStream in, long deadlineNanos) throws IOException {
    StringBuilder head = new StringBuilder();
    byte[] chunk = new byte[4096];
    while (head.indexOf("\r\n\r\n") < 0) {
      int count = in.read(chunk);
      if (count < 0 || System.nanoTime() > deadlineNanos) {
        throw new IOException("no complete request in time");
      }
      head.append(new String(chunk, 0, count, StandardCharsets.ISO_8859_1));
      if (head.length() > MAX_OCTETS) {
        return new RedirectRequest("", "", new ArrayList<>(), true);
      }
    }
    return parse(head.substring(0, head.indexOf("\r\n\r\n")).split("\r\n", -1));
  }

  private static RedirectRequest parse(String[] lines) throws IOException {
    String[] start = lines[0].split(" ", -1);
    if (start.length != 3 || !start[2].startsWith("HTTP/1.")) {
      throw new IOException("not an HTTP/1 request");
    }
    List<String> hosts = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      if (lines[i].toLowerCase(Locale.ROOT).startsWith("host:")) {
        hosts.add(lines[i].substring("host:".length()).trim());
      }
    }
    return new RedirectRequest(start[0], start[1], hosts, false);
  }

  /** The status to answer with; 200 only for the request that ends the wait. */
  int judge(String authority, String path, Secret state) {
    if (tooLong) {
      return 414;
    }
    if (hosts.size() != 1) {
      return 400;
    }
    if (!hosts.get(0).equals(authority) || !hasAuthority(authority)) {
      return 421;
    }
    String origin = pathAndQuery();
    int query = origin.indexOf('?');
    if (!(query < 0 ? origin : origin.substring(0, query)).equals(path)) {
      return 404;
    }
    if (!method.equals("GET")) {
      return 405;
    }
    return carries(state, query < 0 ? "" : origin.substring(query + 1)) ? 200 : 400;
  }

  private boolean hasAuthority(String authority) {
    return target.startsWith("/") || target.startsWith("http://" + authority + "/");
  }

  /** The target without the authority that an absolute one has. */
  String pathAndQuery() {
    int authority = target.startsWith("http://") ? "http://".length() : 0;
    int path = target.indexOf('/', authority);
    return path < 0 ? target : target.substring(path);
  }

  private static boolean carries(Secret state, String query) {
    try {
      List<Secret> states = new ArrayList<>();
      for (FormCodec.Pair pair : FormCodec.decode(query, MAX_OCTETS, MAX_PARAMETERS)) {
        if (pair.name().equals("state") && !pair.value().isEmpty()) {
          states.add(Secret.of(pair.value()));
        }
      }
      return states.size() == 1 && states.get(0).equals(state);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether the server reports that the login failed. */
  boolean isError() {
    return target.contains("?error=") || target.contains("&error=");
  }
}
