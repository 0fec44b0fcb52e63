package io.symbolon.interop.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.javalin.Javalin;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oidc.OidcClient;
import jakarta.servlet.http.HttpServlet;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.Cookie;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** The recipes of docs/web-logins.md, run: a browser logs in, and nobody else can. */
class WebLoginRecipesTest {
  private static final String REDIRECT_URI = "https://shop.example.com/callback";
  private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");

  @TempDir private Path folder;
  private FakeAuthorizationServer server;
  private OidcClient oidc;

  @BeforeEach
  void start() throws IOException {
    server = FakeAuthorizationServer.start();
    server.client("shop", "s3cret", REDIRECT_URI).user("ada", Map.of());
    oidc =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .build();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A browser that has only what it needs: cookies. It takes Secure ones over http as well. */
  private static final class Browser {
    private final OkHttpClient http = new OkHttpClient.Builder().followRedirects(false).build();
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final String origin;

    Browser(String origin) {
      this.origin = origin;
    }

    Response get(String path) throws IOException {
      String sent =
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; "));
      Request request = new Request.Builder().url(origin + path).header("Cookie", sent).build();
      Response response = http.newCall(request).execute();
      for (String header : response.headers("Set-Cookie")) {
        Cookie cookie =
            Cookie.parse(request.url(), header.replace("; Secure", "").replace("Max-Age=0", ""));
        cookies.put(cookie.name(), cookie.value());
      }
      return response;
    }
  }

  private void assertLogsIn(String origin) throws IOException {
    Browser browser = new Browser(origin);
    Browser stranger = new Browser(origin);
    String callback;
    try (Response login = browser.get("/login")) {
      assertThat(login.code()).isEqualTo(302);
      callback = server.authorize(login.header("Location"));
    }
    String path = callback.substring(REDIRECT_URI.lastIndexOf('/'));
    assertThat(page(stranger, path)).doesNotContain("Hello");
    assertThat(page(browser, path.replace("state=", "state=x"))).doesNotContain("Hello");
    try (Response login = browser.get("/login")) {
      path = server.authorize(login.header("Location")).substring(REDIRECT_URI.lastIndexOf('/'));
    }
    assertThat(page(browser, path)).isEqualTo("Hello ada");
    assertThat(page(browser, path)).doesNotContain("Hello");
  }

  private static String page(Browser browser, String path) throws IOException {
    try (Response response = browser.get(path)) {
      return response.body().string();
    }
  }

  @Test
  void theHttpServerOfTheJdkLogsAUserIn() throws Exception {
    HttpServer web = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    new HttpServerRecipe(oidc, REDIRECT_URI, KEY).addTo(web);
    web.start();
    try {
      assertLogsIn("http://127.0.0.1:" + web.getAddress().getPort());
    } finally {
      web.stop(0);
    }
  }

  @Test
  void aServletLogsAUserIn() throws Exception {
    runInTomcat(new ServletRecipe(oidc, REDIRECT_URI), "/login", "/callback");
  }

  @Test
  void springMvcLogsAUserIn() throws Exception {
    AnnotationConfigWebApplicationContext spring = new AnnotationConfigWebApplicationContext();
    spring.register(Mvc.class);
    SpringMvcRecipe recipe = new SpringMvcRecipe(oidc, REDIRECT_URI);
    spring.addBeanFactoryPostProcessor(beans -> beans.registerSingleton("login", recipe));
    runInTomcat(new DispatcherServlet(spring), "/");
  }

  @EnableWebMvc
  static class Mvc {}

  private void runInTomcat(HttpServlet servlet, String... paths) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", new File(folder.toString()).getAbsolutePath());
    Wrapper wrapper = Tomcat.addServlet(context, "login", servlet);
    for (String path : paths) {
      wrapper.addMapping(path);
    }
    tomcat.start();
    try {
      assertLogsIn("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }

  @Test
  void javalinLogsAUserIn() throws Exception {
    Javalin web = new JavalinRecipe(oidc, REDIRECT_URI).app().start("127.0.0.1", 0);
    try {
      assertLogsIn("http://127.0.0.1:" + web.port());
    } finally {
      web.stop();
    }
  }
}
