package io.symbolon.cli.demo;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.ExpandWar;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.modeler.Registry;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.web.context.support.GenericWebApplicationContext;

/**
 * A Tomcat on 127.0.0.1 whose port is known before anything is deployed, because an issuer contains
 * its own port.
 */
final class LoopbackTomcat implements AutoCloseable {
  static {
    Registry
        .disableRegistry(); // nobody manages this server over JMX, and MBeans take a tenth of its
    // start
  }

  private final Path directory = temporaryDirectory();
  private final Tomcat tomcat = new Tomcat();
  private final Connector connector = new Connector();
  private final Context context;
  private final GenericWebApplicationContext spring = new GenericWebApplicationContext();

  private LoopbackTomcat(int port) {
    tomcat.setBaseDir(directory.toString());
    connector.setProperty("address", "127.0.0.1");
    connector.setPort(port);
    tomcat.setConnector(connector);
    context = tomcat.addContext("", null);
  }

  /** Else Tomcat leaves one where the program was started. */
  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("symbolon-tomcat");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server that owns its port and answers nothing yet. Port 0 takes a free one. */
  static LoopbackTomcat bind(int port) {
    LoopbackTomcat server = new LoopbackTomcat(port);
    try {
      server.tomcat.init();
    } catch (LifecycleException e) {
      throw new IllegalStateException("Tomcat cannot listen on 127.0.0.1:" + port, e);
    }
    return server;
  }

  String origin() {
    return "http://127.0.0.1:" + connector.getLocalPort();
  }

  /** The servlet that answers once Spring Security has let a request through. */
  void servlet(String pattern, Servlet servlet) {
    Tomcat.addServlet(context, servlet.getClass().getSimpleName(), servlet).addMapping(pattern);
  }

  /**
   * Cookies know no ports: two servers on 127.0.0.1 with one session cookie would log each other
   * out.
   */
  void sessionCookie(String name) {
    context.setSessionCookieName(name);
  }

  /** Starts to answer, behind the security filters that this Spring configuration describes. */
  <C> void start(Class<C> type, C configuration) {
    spring.setServletContext(context.getServletContext());
    AnnotationConfigUtils.registerAnnotationConfigProcessors(spring);
    spring.registerBean(type, () -> configuration);
    spring.refresh();
    filterEverything(spring.getBean("springSecurityFilterChain", Filter.class));
    try {
      tomcat.start();
    } catch (LifecycleException e) {
      throw new IllegalStateException("Tomcat does not start at " + origin(), e);
    }
  }

  private void filterEverything(Filter filter) {
    FilterDef definition = new FilterDef();
    definition.setFilterName("security");
    definition.setFilter(filter);
    context.addFilterDef(definition);
    FilterMap map = new FilterMap();
    map.setFilterName("security");
    map.addURLPattern("/*");
    context.addFilterMap(map);
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException("Tomcat does not stop", e);
    } finally {
      spring.close();
      ExpandWar.delete(directory.toFile(), false);
    }
  }
}
