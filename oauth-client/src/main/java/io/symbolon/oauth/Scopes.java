package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** Scopes as a program writes them. */
final class Scopes {
  private Scopes() {}

  static Set<String> parse(String scope) {
    Set<String> tokens = new LinkedHashSet<>();
    for (String token : scope.trim().split(" +", -1)) {
      if (!TokenText.isScopeToken(token)) {
        throw new IllegalArgumentException(
            "a scope is one or more visible ASCII characters without quote and backslash, but "
                + Display.quote(token)
                + " is not");
      }
      tokens.add(token);
    }
    return Collections.unmodifiableSet(tokens);
  }
}
