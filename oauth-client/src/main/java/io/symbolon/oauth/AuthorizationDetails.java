package io.symbolon.oauth;

import io.symbolon.oauth.internal.json.StrictJson;
import java.util.List;
import java.util.Map;

/** Rich authorization requests (RFC 9396 §2). */
final class AuthorizationDetails {
  private AuthorizationDetails() {}

  /** The parameter's text. */
  static String json(List<? extends Map<String, ?>> details) {
    for (Map<String, ?> detail : details) {
      if (!(detail.get("type") instanceof String)) {
        throw new IllegalArgumentException(
            "each of the authorization details has a \"type\", but one has only "
                + detail.keySet());
      }
    }
    return StrictJson.writeArray(details);
  }
}
