package io.symbolon.oauth.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.io.IOException;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two instances of a service share one login through PostgreSQL. */
final class JdbcRecipe {
  /** What each instance runs. */
  static final class ReportService {
    private final OAuthClient oauth;
    private final JdbcTokenStore store;

    ReportService(String issuer, Secret clientSecret, DataSource dataSource, SecretKey key)
        throws IOException {
      oauth =
          OAuthClient.builder()
              .issuer(issuer)
              .clientId("reports")
              .clientSecret(clientSecret)
              .build();
      store = JdbcTokenStore.of(dataSource, StoreKeys.of(key));
      store.createTable();
    }

    PendingAuthorization beginLogin() throws IOException {
      return oauth.authorize().redirectUri("http://127.0.0.1/callback").scope("read").begin();
    }

    void completeLogin(String userId, PendingAuthorization login, String callbackUrl)
        throws IOException {
      TokenSet tokens = oauth.complete(login, callbackUrl);
      store.save(userId, tokens);
    }

    TokenSource tokensOf(String userId) {
      return oauth.tokenSource(store, userId);
    }
  }

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  @Test
  void twoInstancesShareOneLogin() throws Exception {
    FakeAuthorizationServer server = extension.server();
    server.client("reports", "s3cret");
    SecretKey key = new SecretKeySpec(new byte[32], "AES"); // in earnest: from your key management
    try (HikariDataSource poolOfOne = pool();
        HikariDataSource poolOfOther = pool()) {
      ReportService one = new ReportService(server.issuer(), Secret.of("s3cret"), poolOfOne, key);
      ReportService other =
          new ReportService(server.issuer(), Secret.of("s3cret"), poolOfOther, key);

      PendingAuthorization login = one.beginLogin();
      one.completeLogin("ada", login, server.authorize(login.url()));

      AccessToken refused = other.tokensOf("ada").token();
      TokenSource source = one.tokensOf("ada");
      assertThat(source.token().value()).isEqualTo(refused.value());

      source.invalidate(refused);
      AccessToken renewed = source.token();
      assertThat(other.tokensOf("ada").token().value()).isEqualTo(renewed.value());
      assertThat(server.tokenRequestCount()).isEqualTo(2);
    }
  }

  private static HikariDataSource pool() throws IOException {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(Databases.postgresUrl());
    pool.setMaximumPoolSize(4);
    return pool;
  }
}
