package io.symbolon.cli.demo;

import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * A real authorization server (Spring's) and an API that it protects, on two ports of 127.0.0.1.
 *
 * <p>Everything is in memory and gone with {@link #close()}. Access tokens live for five seconds,
 * so that a renewal can be watched; refresh tokens rotate.
 */
public final class DemoServer implements AutoCloseable {
  /** The one user who can sign in. */
  public static final String USERNAME = "ada";

  /** Ada's password. */
  public static final String PASSWORD = "analytical-engine";

  /** Held strongly: the logging framework forgets the level of a logger that nobody holds. */
  private static final List<Logger> NOISY =
      Stream.of("org.apache", "org.springframework").map(Logger::getLogger).toList();

  private final LoopbackTomcat authorizationServer;
  private final LoopbackTomcat api;
  private final DemoClients clients;

  private DemoServer(Builder builder) {
    NOISY.forEach(logger -> logger.setLevel(Level.SEVERE));
    clients = new DemoClients(builder.reportsSecret, builder.accessTokenLifetime);
    authorizationServer = LoopbackTomcat.bind(builder.port);
    api = LoopbackTomcat.bind(0);
  }

  /** Both servers, up, on free ports. */
  public static DemoServer start() {
    return builder().start();
  }

  public static Builder builder() {
    return new Builder();
  }

  private DemoServer up() {
    authorizationServer.sessionCookie("symbolon-demo");
    authorizationServer.servlet("/", new HomePage());
    authorizationServer.start(
        AuthorizationServerConfiguration.class,
        new AuthorizationServerConfiguration(issuer(), api(), clients));
    api.servlet("/", new ApiServlet());
    api.start(ProtectedApiConfiguration.class, new ProtectedApiConfiguration(issuer(), api()));
    return this;
  }

  /** {@code http://127.0.0.1:<port>}, exactly as in the discovery document. */
  public String issuer() {
    return authorizationServer.origin();
  }

  /**
   * The origin of the API: {@code /api/reports} needs {@code reports.read}, {@code /api/orders} a
   * user's {@code orders.read}.
   */
  public String api() {
    return api.origin();
  }

  /** Confidential, client credentials, scope {@code reports.read}. */
  public DemoClient reportsService() {
    return clients.reportsService;
  }

  /**
   * Like {@link #reportsService()}, with an id and a secret that break clients which do not
   * form-encode them.
   */
  public DemoClient weird() {
    return clients.weird;
  }

  /**
   * Confidential, signs users in: {@code https://shop.example.com/callback} or {@code
   * http://127.0.0.1:*}{@code /callback}.
   */
  public DemoClient webShop() {
    return clients.webShop;
  }

  /**
   * The id of a public client: PKCE required, {@code http://127.0.0.1:*}{@code /callback}, or the
   * device flow.
   */
  public String desktop() {
    return DemoClients.DESKTOP;
  }

  @Override
  public void close() {
    try (authorizationServer;
        api) {
      // Both are closed, even if one of them cannot be.
    }
  }

  /** What can be different from one demo server to the next. */
  public static final class Builder {
    private int port;
    private String reportsSecret = DemoClients.randomSecret();
    private Duration accessTokenLifetime = Duration.ofSeconds(5);

    private Builder() {}

    /** The authorization server's port; a free one unless set. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** The secret of {@code reports-service}; random unless set. */
    public Builder reportsSecret(String secret) {
      reportsSecret = secret;
      return this;
    }

    public Builder accessTokenLifetime(Duration lifetime) {
      accessTokenLifetime = lifetime;
      return this;
    }

    public DemoServer start() {
      DemoServer server = new DemoServer(this);
      try {
        return server.up();
      } catch (RuntimeException e) {
        server.close();
        throw e;
      }
    }
  }
}
