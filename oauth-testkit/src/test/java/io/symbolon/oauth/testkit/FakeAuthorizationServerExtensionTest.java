package io.symbolon.oauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeAuthorizationServerExtension.class)
final class FakeAuthorizationServerExtensionTest {
  private static final Set<FakeAuthorizationServer> SEEN = new HashSet<>();

  private FakeAuthorizationServer before;

  @BeforeEach
  void prepare(FakeAuthorizationServer server) {
    before = server;
  }

  @RepeatedTest(2)
  void eachTestHasItsOwnServer(FakeAuthorizationServer server) throws Exception {
    assertThat(SEEN.add(server)).isTrue();
    assertThat(server).isSameAs(before);
    assertThat(App.publicClient(server).login("orders").status()).isEqualTo(200);
  }

  @AfterEach
  void stillOpen(FakeAuthorizationServer server) throws Exception {
    assertThat(App.publicClient(server).get(server.jwksUri()).status()).isEqualTo(200);
  }

  @Nested
  final class Within {
    @Test
    void aNestedTestHasOneToo(FakeAuthorizationServer server) {
      assertThat(server).isSameAs(before);
    }
  }

  @Test
  void withoutATestThereIsNoServer() {
    FakeAuthorizationServerExtension unregistered = new FakeAuthorizationServerExtension();
    assertThatThrownBy(unregistered::server).isInstanceOf(IllegalStateException.class);
  }
}
