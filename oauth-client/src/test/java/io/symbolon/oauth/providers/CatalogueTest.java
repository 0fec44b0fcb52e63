package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.Dialect;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is missing from the list. */
class CatalogueTest {
  private static final Set<String> WORDS =
      Set.of(
          "login",
          "refresh",
          "device",
          "revocation",
          "introspection",
          "client credentials",
          "logout");

  private final List<Provider> catalogue = Providers.catalogue();

  private static Map<String, List<Method>> methods() {
    return Arrays.stream(Providers.class.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> method.getReturnType() == Provider.class)
        .collect(Collectors.groupingBy(Method::getName));
  }

  @Test
  void everyMethodHasItsProviderInTheList() throws Exception {
    assertThat(catalogue).hasSameSizeAs(methods().keySet());
    for (Method method : methods().values().stream().flatMap(List::stream).toList()) {
      if (method.getParameterCount() == 0) {
        String name = ((Provider) method.invoke(null)).name();
        assertThat(catalogue).extracting(Provider::name).contains(name);
      }
    }
  }

  @Test
  void eachHasANameOfItsOwnAndAPageOfItsMakers() {
    assertThat(catalogue).extracting(Provider::name).doesNotHaveDuplicates();
    for (Provider provider : catalogue) {
      assertThat(HttpUrl.get(provider.documentation()).isHttps()).isTrue();
      assertThat(new TreeSet<>(provider.abilities())).as("%s", provider).isSubsetOf(WORDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://api.example.com/me", "api.example.com", ""})
  void whoTheUserIsIsAskedOverHttpsOnly(String url) {
    Provider.Builder provider = Provider.named("Example", "https://docs.example.com");
    Dialect answers = Dialect.builder().build();
    assertThatThrownBy(() -> provider.userInfo(url, answers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Example");
    assertThatThrownBy(() -> provider.userInfoNeeds(url, answers))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
