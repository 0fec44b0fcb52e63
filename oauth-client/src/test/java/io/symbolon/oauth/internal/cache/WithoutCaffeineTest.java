package io.symbolon.oauth.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Android cannot run Caffeine, and whoever wants a small jar leaves it out. */
class WithoutCaffeineTest {
  private static final class Loader extends URLClassLoader {
    Loader() throws MalformedURLException {
      super(classPath(), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] classPath() throws MalformedURLException {
      List<URL> urls = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
      return urls.toArray(new URL[0]);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("com.github.benmanes.")) {
        throw new ClassNotFoundException(name);
      }
      return super.findClass(name);
    }
  }

  @Test
  void aLoginWorksWithoutCaffeine() throws Exception {
    try (Loader loader = new Loader()) {
      assertThatThrownBy(() -> loader.loadClass("com.github.benmanes.caffeine.cache.Caffeine"))
          .isInstanceOf(ClassNotFoundException.class);
      Callable<?> app =
          (Callable<?>)
              loader
                  .loadClass(AppWithoutCaffeine.class.getName())
                  .getDeclaredConstructor()
                  .newInstance();

      assertThat(app.getClass()).isNotEqualTo(AppWithoutCaffeine.class);
      assertThat(app.call()).isEqualTo("MapCache");
    }
  }
}
