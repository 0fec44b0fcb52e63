package io.symbolon.oauth.providers;

import io.symbolon.oauth.hostile.HostileJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;

/**
 * A recorded answer of a provider, from {@code providers/<name>/samples.json}: what was asked, what
 * came back, who says so, and what must become of it.
 */
public record ProviderSample(String folder, Map<String, Object> members) {
  /** Every sample there is. */
  public static Stream<ProviderSample> all() {
    try (Stream<Path> folders = Files.list(root())) {
      return folders.sorted().toList().stream()
          .filter(Files::isDirectory)
          .flatMap(folder -> in(folder.getFileName().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Wherever in the project this runs. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("oauth-client/src/test/resources/providers"))) {
      folder = Objects.requireNonNull(folder.getParent(), "not in the project");
    }
    return folder.resolve("oauth-client/src/test/resources/providers");
  }

  @SuppressWarnings("unchecked")
  private static Stream<ProviderSample> in(String folder) {
    Map<String, Object> list = HostileJson.resource("/providers/" + folder + "/samples.json");
    return ((List<?>) list.get("samples"))
        .stream().map(one -> new ProviderSample(folder, (Map<String, Object>) one));
  }

  /** What was asked: {@code token-success}, {@code userinfo-error} … */
  public String kind() {
    return text("kind");
  }

  /** A member as text; empty when there is none. */
  public String text(String name) {
    return String.valueOf(members.getOrDefault(name, ""));
  }

  /** What must become of it. */
  public Map<?, ?> expected() {
    return (Map<?, ?>) members.get("expect");
  }

  /** Why it is not run; null when it is. */
  public String pending() {
    return (String) expected().get("pending");
  }

  /** By the name of its method in {@link Providers}; the folder's unless the sample says it. */
  public Provider provider() throws ReflectiveOperationException {
    Object named = members.get("provider");
    return (Provider) method(named == null ? folder : (String) named).invoke(null);
  }

  private static Method method(String name) throws NoSuchMethodException {
    try {
      return Providers.class.getMethod(name);
    } catch (NoSuchMethodException e) {
      return SampleProviders.class.getDeclaredMethod(name);
    }
  }

  /** Other samples of this folder, by the names of their files. */
  public Stream<ProviderSample> others(String name) {
    List<?> files = expected().get(name) instanceof List<?> some ? some : List.of();
    return files.stream().map(file -> other((String) file));
  }

  private ProviderSample other(String file) {
    return of(folder, file);
  }

  /** One of them. */
  static ProviderSample of(String folder, String file) {
    return in(folder).filter(sample -> sample.text("file").equals(file)).findFirst().orElseThrow();
  }

  /** The bytes of the body. */
  public byte[] body() {
    String resource = "/providers/" + folder + "/" + text("file");
    try (InputStream in = ProviderSample.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer as it came. */
  public MockResponse answer() {
    return new MockResponse.Builder()
        .code(((Number) members.get("status")).intValue())
        .setHeader("Content-Type", text("contentType"))
        .body(new Buffer().write(body()))
        .build();
  }

  /** An HTTP client for which every host of the world is this server. */
  public static OkHttpClient everywhere(MockWebServer server) {
    return new OkHttpClient.Builder()
        .addInterceptor(
            chain -> {
              Request asked = chain.request();
              Request sent =
                  asked
                      .newBuilder()
                      .url(
                          asked
                              .url()
                              .newBuilder()
                              .scheme("http")
                              .host(server.getHostName())
                              .port(server.getPort())
                              .build())
                      .header("X-Asked-Host", asked.url().host())
                      .build();
              Response answer = chain.proceed(sent);
              return answer.newBuilder().request(asked).build();
            })
        .build();
  }

  @Override
  public String toString() {
    return folder + "/" + text("file");
  }
}
