package io.symbolon.sample.android;

import io.symbolon.oidc.IdToken;
import io.symbolon.oidc.UserInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import org.json.JSONException;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** Who signed in, as the provider has vouched for: to be shown, and kept for the next start. */
record Profile(Map<String, String> claims) {

  /** The verified claims of the login, and what UserInfo adds to them. */
  static Profile of(IdToken idToken, @Nullable UserInfo info) {
    Map<String, String> claims = new LinkedHashMap<>();
    if (info != null) {
      info.claims().forEach((name, value) -> claims.put(name, String.valueOf(value)));
    }
    idToken.claims().forEach((name, value) -> claims.put(name, String.valueOf(value)));
    claims.keySet().removeAll(java.util.Set.of("nonce", "at_hash", "c_hash", "s_hash", "sid"));
    return new Profile(claims);
  }

  /** Null when the text is none, as after an update of the app. */
  static @Nullable Profile ofJson(@Nullable String json) {
    if (json == null) {
      return null;
    }
    try {
      JSONObject object = new JSONObject(json);
      Map<String, String> claims = new LinkedHashMap<>();
      object.keys().forEachRemaining(name -> claims.put(name, object.optString(name)));
      return new Profile(claims);
    } catch (JSONException e) {
      return null;
    }
  }

  String toJson() {
    return new JSONObject(claims).toString();
  }

  /** What to call the user. */
  String name() {
    for (String claim : new String[] {"name", "preferred_username", "email", "sub"}) {
      String value = claims.get(claim);
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  @Nullable String email() {
    return claims.get("email");
  }

  @Nullable String picture() {
    return claims.get("picture");
  }
}
