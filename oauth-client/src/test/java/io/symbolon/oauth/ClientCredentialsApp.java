package io.symbolon.oauth;

/** The plainest service: one client, one token. Its arguments are issuer, client id and secret. */
final class ClientCredentialsApp {
  private ClientCredentialsApp() {}

  public static void main(String[] arguments) throws Exception {
    OAuthClient client =
        OAuthClient.builder()
            .issuer(arguments[0])
            .clientId(arguments[1])
            .clientSecret(Secret.of(arguments[2]))
            .build();
    System.out.println(client.clientCredentials().scope("reports").tokenSource().token());
  }
}
