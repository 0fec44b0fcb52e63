package io.symbolon.oidc;

import io.symbolon.oauth.TokenCheck;
import io.symbolon.oauth.TokenSet;
import java.io.IOException;

/** Verifies the ID token of a backchannel login (CIBA Core §10.1, §10.3). */
final class BackchannelCheck implements TokenCheck {
  private final LoginCheck.Verification verification;

  BackchannelCheck(LoginCheck.Verification verification) {
    this.verification = verification;
  }

  @Override
  public void check(TokenSet tokens) throws IOException {
    idToken(tokens);
  }

  IdToken idToken(TokenSet tokens) throws IOException {
    return verification.verify(tokens.member("id_token"), IdTokenExpectation.backchannel(tokens));
  }
}
