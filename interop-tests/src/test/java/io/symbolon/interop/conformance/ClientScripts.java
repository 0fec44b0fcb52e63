package io.symbolon.interop.conformance;

import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import java.time.Duration;

/** What the client does in the modules. */
final class ClientScripts {
  private ClientScripts() {}

  /** A login, and UserInfo as its proof. */
  static void login(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    client.userInfo(run.signIn(client, client.login()));
  }

  static void loginForClaims(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    client.userInfo(run.signIn(client, client.login().scope("profile email phone address")));
  }

  /** A login with a MAC, which nobody gets who does not ask for it. */
  static void loginWithMac(ModuleRun run) throws Exception {
    OidcClient client = run.client().idTokenAlgorithms("HS256").build();
    client.userInfo(run.signIn(client, client.login()));
  }

  /** The metadata and nothing else: the module is over then. */
  static void discovery(ModuleRun run) throws Exception {
    run.client().build().oauth().server();
  }

  /** A login up to the keys; the module is over with them. */
  static void keys(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    run.signIn(client, client.login());
  }

  static void twoLogins(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    client.userInfo(run.signIn(client, client.login()));
    client.userInfo(run.signIn(client, client.login()));
  }

  /** Wants what cannot be had, so that the answer is an error. */
  static void loginThatFails(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    run.signIn(client, client.login().maxAge(Duration.ZERO).parameter("prompt", "none"));
  }

  static void refresh(ModuleRun run) throws Exception {
    OidcClient client = run.client().build();
    OidcTokens tokens = run.signIn(client, client.login().scope("offline_access"));
    client.userInfo(client.refresh(tokens));
  }

  static ClientScript notYet(String what) {
    return run -> {
      throw new NotBuiltYet(what);
    };
  }
}
