package io.symbolon.oidc;

import io.symbolon.oauth.internal.json.StrictJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code claims} parameter, and what of it must be checked (OpenID Connect Core §5.5). */
final class ClaimsRequest {
  static final ClaimsRequest NOTHING =
      new ClaimsRequest(Collections.emptyMap(), Collections.emptySet());

  private final Map<String, Map<String, ?>> wanted;
  private final Set<String> demandedAcr;

  private ClaimsRequest(Map<String, Map<String, ?>> wanted, Set<String> demandedAcr) {
    this.wanted = wanted;
    this.demandedAcr = demandedAcr;
  }

  ClaimsRequest with(Map<String, ? extends Map<String, ?>> claims) {
    if (!Arrays.asList("id_token", "userinfo").containsAll(claims.keySet())) {
      throw new IllegalArgumentException(
          "claims are asked for in \"id_token\" and \"userinfo\", not in " + claims.keySet());
    }
    return new ClaimsRequest(new LinkedHashMap<>(claims), demandedAcr);
  }

  ClaimsRequest demanding(Set<String> acrValues) {
    return new ClaimsRequest(wanted, acrValues);
  }

  String json() {
    Map<String, Map<String, ?>> all = new LinkedHashMap<>(wanted);
    if (!demandedAcr.isEmpty()) {
      Map<String, @Nullable Object> acr = new LinkedHashMap<>();
      acr.put("essential", true);
      acr.put("values", new ArrayList<>(demandedAcr));
      Map<String, @Nullable Object> idToken = new LinkedHashMap<>(members("id_token"));
      idToken.put("acr", acr);
      all.put("id_token", idToken);
    }
    return StrictJson.write(all);
  }

  /** A voluntary {@code acr} may be ignored by the server (§5.5.1.1). */
  Set<String> acrValues() {
    boolean essential =
        members("id_token").get("acr") instanceof Map<?, ?> acr
            && Boolean.TRUE.equals(acr.get("essential"));
    return demandedAcr.isEmpty() && essential ? values("id_token", "acr") : demandedAcr;
  }

  Set<String> subjects() {
    Set<String> subjects = new LinkedHashSet<>(values("id_token", "sub"));
    subjects.addAll(values("userinfo", "sub"));
    return subjects;
  }

  private Set<String> values(String place, String claim) {
    Set<String> values = new LinkedHashSet<>();
    if (members(place).get(claim) instanceof Map<?, ?> asked) {
      if (asked.get("value") instanceof String value) {
        values.add(value);
      }
      if (asked.get("values") instanceof List<?> list) {
        list.forEach(value -> values.add(String.valueOf(value)));
      }
    }
    return values;
  }

  private Map<String, ?> members(String place) {
    Map<String, ?> members = wanted.get(place);
    return members == null ? Collections.emptyMap() : members;
  }
}
