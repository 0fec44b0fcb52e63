package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Constant;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a front-channel logout request is about a login (Front-Channel Logout §3). */
final class FrontchannelLogout {
  private static final String SECTION = "OpenID Connect Front-Channel Logout §3";
  private static final int MAX_CHARS = 64 * 1024;
  private static final int MAX_PARAMETERS = 100;

  private FrontchannelLogout() {}

  static void check(IdToken login, String url) throws InvalidResponseException {
    Verdict.Builder verdict = Verdict.about("the front-channel logout request");
    List<FormCodec.Pair> parameters = parameters(url, verdict);
    String issuer = only("iss", parameters);
    boolean sameIssuer = login.issuer().equals(issuer);
    verdict.check("iss", sameIssuer, Display.quote(login.issuer()), Display.quote(issuer), SECTION);
    String session = only("sid", parameters);
    String expected = login.sessionId();
    boolean same = session != null && expected != null && Constant.timeEquals(session, expected);
    verdict.check(
        "sid",
        same,
        expected == null ? "a login whose ID token has a sid" : "the session of this login",
        same ? "the same" : session == null ? "nothing" : "another",
        SECTION);
    if (!sameIssuer || !same) {
      verdict.fix("register frontchannel_logout_session_required, so that iss and sid are sent");
      throw refused("it is not about this login", verdict);
    }
  }

  private static List<FormCodec.Pair> parameters(String url, Verdict.Builder verdict)
      throws InvalidResponseException {
    try {
      String query = url.substring(url.indexOf('?') + 1);
      return FormCodec.decode(query, MAX_CHARS, MAX_PARAMETERS);
    } catch (IllegalArgumentException e) {
      verdict.failed("request", "a query", e.getMessage() + "", SECTION);
      throw refused("its query cannot be read", verdict);
    }
  }

  /** Null when it is absent or comes more than once. */
  private static @Nullable String only(String name, List<FormCodec.Pair> parameters) {
    List<String> values = new ArrayList<>();
    for (FormCodec.Pair pair : parameters) {
      if (pair.name().equals(name)) {
        values.add(pair.value());
      }
    }
    return values.size() == 1 ? values.get(0) : null;
  }

  private static InvalidResponseException refused(String reason, Verdict.Builder verdict) {
    return new InvalidResponseException(
        "invalid_logout_request",
        "the front-channel logout request is refused: " + reason,
        verdict.build());
  }
}
