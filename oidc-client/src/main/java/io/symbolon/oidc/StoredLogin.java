package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.json.StrictJson;
import java.text.ParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an entry of a token store says about who logged in, for the renewals to come. */
final class StoredLogin {
  /** As much as a renewal is compared with; nothing else about the user. */
  private static final List<String> COMPARED =
      Arrays.asList("iss", "sub", "aud", "azp", "auth_time", "iat", "nonce");

  private static final String ATTACHMENT = "io.symbolon.oidc.login";

  private StoredLogin() {}

  static StoredTokens of(OidcTokens login) {
    Map<String, @Nullable Object> claims = new LinkedHashMap<>(login.idToken().claims());
    claims.keySet().retainAll(COMPARED);
    return StoredTokens.of(login.tokens()).attach(ATTACHMENT, StrictJson.write(claims));
  }

  static Map<String, @Nullable Object> claims(@Nullable StoredTokens entry)
      throws InvalidResponseException {
    String claims = entry == null ? null : entry.attachment(ATTACHMENT);
    try {
      if (claims != null) {
        return StrictJson.parseObject(claims);
      }
    } catch (ParseException e) {
      // As if it was not there: what is sealed was written by us, or by a program of its own.
    }
    throw new InvalidResponseException(
        "login_unknown",
        "the stored login does not say who logged in, so that its ID token cannot be compared",
        Verdict.about("the stored login")
            .failed("sub", "the user of the login", "none", "OpenID Connect Core §12.2")
            .fix("save logins with OidcClient.save(…), not with TokenStore.save(…)")
            .build());
  }
}
