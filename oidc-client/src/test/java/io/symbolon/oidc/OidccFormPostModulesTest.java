package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.AuthorizationResponse;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The modules of {@code oidcc-client-formpost-basic-certification-test-plan}. */
final class OidccFormPostModulesTest extends OidccCodeFlowModules {
  @Override
  OidcTokens login(OidcClient client, LoginRequest request) throws Exception {
    PendingLogin login = request.formPost().begin();
    String form = server.authorizeByFormPost(login.url().toString());
    return client.complete(login, AuthorizationResponse.ofForm(form));
  }

  @Test
  @DisplayName("oidcc-client-test-form-post-error")
  void anErrorMayArriveAsAForm() {
    server.denyNextAuthorization("login_required");
    OidcClient client = builder().build();
    LoginRequest request =
        client.login().redirectUri(REDIRECT_URI).maxAge(Duration.ZERO).parameter("prompt", "none");

    assertRefused("login_required", () -> login(client, request));
    assertThat(wire()).containsExactly(DISCOVERY, AUTHORIZE);
    assertThat(last("/authorize").queryParameters())
        .containsEntry("response_mode", "form_post")
        .containsEntry("max_age", "0")
        .containsEntry("prompt", "none");
  }
}
