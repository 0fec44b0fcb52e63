package io.symbolon.oauth.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * The server {@code https://as.example.com} of the cases on a real socket of this machine, and an
 * HTTP client that ends up there, whatever host it wants to reach; which hosts those were is known
 * afterwards.
 */
public final class ExampleSite implements AutoCloseable {
  public static final String HOST = "as.example.com";
  public static final String ISSUER = "https://" + HOST;

  private static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).build();
  private static final HandshakeCertificates TRUSTING =
      new HandshakeCertificates.Builder().addTrustedCertificate(AUTHORITY.certificate()).build();
  private static final HandshakeCertificates GENUINE = showing(certificate(HOST));

  private final MockWebServer server = new MockWebServer();
  private final Map<String, Function<RecordedRequest, MockResponse>> answers =
      new ConcurrentHashMap<>();
  private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
  private final Set<String> contacts = ConcurrentHashMap.newKeySet();

  private ExampleSite(HandshakeCertificates identity) throws IOException {
    server.setProtocols(List.of(Protocol.HTTP_1_1));
    server.setServerSocketFactory(new PromptSockets());
    server.useHttps(identity.sslSocketFactory());
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    server.start();
  }

  public static ExampleSite start() throws IOException {
    return new ExampleSite(GENUINE);
  }

  /** With a certificate for these hosts, too. */
  public static ExampleSite startWithCertificateFor(String... hosts) throws IOException {
    HeldCertificate.Builder certificate = certificate(HOST);
    for (String host : hosts) {
      certificate.addSubjectAlternativeName(host);
    }
    return new ExampleSite(showing(certificate));
  }

  /** With a certificate of an authority that is trusted, but for another host. */
  public static ExampleSite startWithCertificateOf(String otherHost) throws IOException {
    return new ExampleSite(showing(certificate(otherHost)));
  }

  /** With a certificate that was good until yesterday. */
  public static ExampleSite startWithExpiredCertificate() throws IOException {
    long yesterday = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1);
    long begin = yesterday - TimeUnit.DAYS.toMillis(30);
    return new ExampleSite(showing(certificate(HOST).validityInterval(begin, yesterday)));
  }

  private static HeldCertificate.Builder certificate(String host) {
    return new HeldCertificate.Builder()
        .commonName(host)
        .addSubjectAlternativeName(host)
        .signedBy(AUTHORITY);
  }

  private static HandshakeCertificates showing(HeldCertificate.Builder certificate) {
    return new HandshakeCertificates.Builder()
        .heldCertificate(certificate.build(), AUTHORITY.certificate())
        .build();
  }

  private MockResponse answer(RecordedRequest request) {
    requests.add(request);
    return answers
        .getOrDefault(
            request.getUrl().encodedPath(), any -> new MockResponse.Builder().code(404).build())
        .apply(request);
  }

  /** What to answer at a path from now on; 404 elsewhere. */
  public ExampleSite answer(String path, MockResponse response) {
    return answer(path, request -> response);
  }

  /** The same with a JSON body. */
  public ExampleSite answer(String path, String json) {
    return answer(path, json(json));
  }

  public ExampleSite answer(String path, Function<RecordedRequest, MockResponse> response) {
    answers.put(path, response);
    return this;
  }

  public static MockResponse json(String body) {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  /** The requests that came to a path. */
  public List<RecordedRequest> requests(String path) {
    return requests.stream().filter(r -> r.getUrl().encodedPath().equals(path)).toList();
  }

  /** All requests. */
  public List<RecordedRequest> requests() {
    return List.copyOf(requests);
  }

  /** The hosts that somebody opened a connection to. */
  public Set<String> contacts() {
    return Set.copyOf(contacts);
  }

  /** A client that trusts this server's certificate, and whose connections all end here. */
  public OkHttpClient http() {
    return http(server.getPort());
  }

  /** The same, but its connections end at another port of this machine. */
  public OkHttpClient http(int port) {
    return new OkHttpClient.Builder()
        .proxy(Proxy.NO_PROXY)
        .dns(host -> List.of(InetAddress.getByAddress(host, loopback().getAddress())))
        .socketFactory(new Forwarding(port))
        .sslSocketFactory(TRUSTING.sslSocketFactory(), TRUSTING.trustManager())
        .build();
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public void close() {
    server.close();
  }

  private final class Forwarding extends SocketFactory {
    private final int port;

    Forwarding(int port) {
      this.port = port;
    }

    @Override
    public Socket createSocket() {
      return new Socket() {
        @Override
        public void connect(SocketAddress wanted, int timeout) throws IOException {
          contacts.add(((InetSocketAddress) wanted).getHostString());
          super.connect(new InetSocketAddress(loopback(), port), timeout);
        }
      };
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      throw new UnknownHostException("OkHttp connects its sockets itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      throw new UnknownHostException("OkHttp connects its sockets itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      throw new UnknownHostException("OkHttp connects its sockets itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      throw new UnknownHostException("OkHttp connects its sockets itself");
    }
  }

  /** MockWebServer writes head and body apart, which costs 40 ms where Nagle's algorithm waits. */
  private static final class PromptSockets extends ServerSocketFactory {
    @Override
    public ServerSocket createServerSocket() throws IOException {
      return new ServerSocket() {
        @Override
        public Socket accept() throws IOException {
          Socket socket = super.accept();
          socket.setTcpNoDelay(true);
          return socket;
        }
      };
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return createServerSocket(port, 50, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return createServerSocket(port, backlog, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      ServerSocket socket = createServerSocket();
      socket.bind(new InetSocketAddress(address, port), backlog);
      return socket;
    }
  }
}
