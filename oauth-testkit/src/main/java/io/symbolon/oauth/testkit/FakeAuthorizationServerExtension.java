package io.symbolon.oauth.testkit;

import java.io.IOException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A {@link FakeAuthorizationServer} for each test, closed when the test is over.
 *
 * <pre>{@code
 * @RegisterExtension
 * final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();
 *
 * @Test
 * void logsIn() throws Exception {
 *   extension.server().publicClient("app");
 * }
 * }</pre>
 *
 * or, with {@code @ExtendWith(FakeAuthorizationServerExtension.class)} on the class, as a parameter
 * of test methods and of those that run before and after each:
 *
 * <pre>{@code
 * @Test
 * void logsIn(FakeAuthorizationServer server) throws Exception {
 *   server.publicClient("app");
 * }
 * }</pre>
 */
public final class FakeAuthorizationServerExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final Namespace NAMESPACE =
      Namespace.create(FakeAuthorizationServerExtension.class);

  private final FakeAuthorizationServer.Builder builder;
  private volatile @Nullable FakeAuthorizationServer current;

  /** Servers with the system's clock. */
  public FakeAuthorizationServerExtension() {
    this(FakeAuthorizationServer.builder());
  }

  /** Servers that {@code builder} starts. */
  public FakeAuthorizationServerExtension(FakeAuthorizationServer.Builder builder) {
    this.builder = builder;
  }

  /**
   * The server of the test that is running.
   *
   * @throws IllegalStateException if none is, or the extension is not a field with
   *     {@code @RegisterExtension}
   */
  public FakeAuthorizationServer server() {
    FakeAuthorizationServer server = current;
    if (server == null) throw new IllegalStateException("no test is running");
    return server;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    FakeAuthorizationServer server = builder.start();
    context.getStore(NAMESPACE).put(this, server);
    current = server;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    FakeAuthorizationServer server = of(context);
    current = null;
    if (server != null) server.close();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == FakeAuthorizationServer.class
        && parameter.getDeclaringExecutable() instanceof Method;
  }

  @Override
  public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return of(context);
  }

  private @Nullable FakeAuthorizationServer of(ExtensionContext context) {
    return context.getStore(NAMESPACE).get(this, FakeAuthorizationServer.class);
  }
}
