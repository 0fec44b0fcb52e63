package io.symbolon.oauth.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys in the JWK Set, the newest last; made when they are first needed. */
final class SigningKeys {
  private static final Set<String> KEYLESS = Set.of("none", "HS256", "HS384", "HS512");
  private static final Set<String> KEYED =
      Set.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

  private final List<SigningKey> published = new ArrayList<>();
  private final List<SigningKey> withdrawn = new ArrayList<>();
  private String algorithm = "RS256";

  synchronized String algorithm() {
    return algorithm;
  }

  synchronized void signWith(String algorithm) {
    if (!KEYED.contains(algorithm) && !KEYLESS.contains(algorithm)) {
      throw new IllegalArgumentException("cannot sign with " + algorithm);
    }
    this.algorithm = algorithm;
  }

  /** The key to sign with; null for {@code none} and for a MAC. */
  synchronized @Nullable SigningKey current() {
    if (KEYLESS.contains(algorithm)) return null;
    for (int i = published.size() - 1; i >= 0; i--) {
      if (published.get(i).algorithm().equals(algorithm)) return published.get(i);
    }
    return publish();
  }

  synchronized void rotate() {
    if (current() != null) publish();
  }

  synchronized void replace() {
    withdrawn.addAll(published);
    published.clear();
  }

  synchronized Map<String, Object> jwks() {
    current();
    Map<String, Object> jwks = new LinkedHashMap<>();
    jwks.put("keys", published.stream().map(SigningKey::publicJwk).collect(Collectors.toList()));
    return jwks;
  }

  synchronized void giveBack() {
    replace();
    withdrawn.forEach(SigningKey::giveBack);
    withdrawn.clear();
  }

  private SigningKey publish() {
    SigningKey key = SigningKey.generate(algorithm);
    published.add(key);
    return key;
  }
}
