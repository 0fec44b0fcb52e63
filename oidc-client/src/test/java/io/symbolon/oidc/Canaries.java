package io.symbolon.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Secrets that a test knows, and the look for them in a text, in any form in which they may stand.
 */
final class Canaries {
  /** So much of a secret is enough to call it shown. */
  private static final int PART = 20;

  private final Map<String, String> names = new LinkedHashMap<>();

  /** A secret is looked for as it is, in its middle, percent-encoded and in base64. */
  Canaries add(String name, String secret) {
    for (String form : List.of(secret, middle(secret))) {
      String encoded = URLEncoder.encode(form, UTF_8);
      names.putIfAbsent(form, name);
      names.putIfAbsent(encoded, name + " percent-encoded");
      names.putIfAbsent(encoded.replace("+", "%20"), name + " percent-encoded");
      names.putIfAbsent(encoded.toLowerCase(Locale.ROOT), name + " percent-encoded");
    }
    addBase64(name + " in base64", secret);
    return this;
  }

  /** Only these octets, and only in base64: what surrounds the secret is known. */
  Canaries addBase64(String name, String secret) {
    byte[] octets = secret.getBytes(UTF_8);
    names.putIfAbsent(Base64.getEncoder().withoutPadding().encodeToString(octets), name);
    names.putIfAbsent(Base64.getUrlEncoder().withoutPadding().encodeToString(octets), name);
    return this;
  }

  private static String middle(String secret) {
    int start = (secret.length() - PART) / 2;
    return start <= 0 ? secret : secret.substring(start, start + PART);
  }

  /** The names of the secrets that the text shows. */
  Set<String> shownBy(String text) {
    Set<String> shown = new LinkedHashSet<>();
    names.forEach(
        (form, name) -> {
          if (text.contains(form)) {
            shown.add(name);
          }
        });
    return shown;
  }

  /** Whatever a program may print of a failure: its stack trace, and what its methods say. */
  static String everythingSaidBy(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    for (Throwable part : withCausesAndSuppressed(failure)) {
      text.append('\n').append(part.toString()).append('\n').append(part.getMessage());
      if (part instanceof OAuthException oauth) {
        text.append('\n').append(oauth.code()).append('\n').append(oauth.explain());
      }
      if (part instanceof OAuthErrorException error) {
        text.append('\n').append(error.error()).append('\n').append(error.description());
        text.append('\n').append(error.uri());
      }
    }
    return text.toString();
  }

  private static List<Throwable> withCausesAndSuppressed(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> all = new ArrayList<>();
    Deque<Throwable> next = new ArrayDeque<>(List.of(failure));
    while (!next.isEmpty()) {
      Throwable part = next.remove();
      if (seen.add(part)) {
        all.add(part);
        next.addAll(List.of(part.getSuppressed()));
        if (part.getCause() != null) {
          next.add(part.getCause());
        }
      }
    }
    return all;
  }
}
