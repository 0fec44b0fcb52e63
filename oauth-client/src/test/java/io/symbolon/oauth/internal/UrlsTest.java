package io.symbolon.oauth.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://as.example.com",
        "https://as.example.com:8443/t1/?p=a%20b",
        "https://[2001:db8::1]/",
        "http://127.0.0.1:8080/token",
        "http://[::1]/token",
        "http://localhost/token"
      })
  void theUrlOfAServerMayBeUsed(String url) {
    assertThat(Urls.fault(url, true)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://as.example.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example/",
        "http://2130706433/",
        "http://127.1/",
        "http://0.0.0.0/",
        "https://①②⑦.0.0.1/",
        "https://as。example.com/",
        "https://as.example.com\\@evil.example/",
        "https://user@as.example.com",
        "https://as.example.com#x",
        "https://as.example.com/a b",
        "https://as.example.com/\r\nX: y",
        "https://as.example.com/%zz",
        "https://as.example.com/$(calc)`id`|x",
        "https:as.example.com",
        "https:///token",
        "//as.example.com/token",
        "/token",
        "javascript:alert(1)",
        "file:///etc/passwd",
        " https://as.example.com",
        ""
      })
  void anyOtherTextMayNot(String url) {
    assertThat(Urls.fault(url, true)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1/token", "http://localhost/token"})
  void aServerBehindHttpsMayNotNameHttp(String url) {
    assertThat(Urls.fault(url, false)).isNotNull();
  }
}
