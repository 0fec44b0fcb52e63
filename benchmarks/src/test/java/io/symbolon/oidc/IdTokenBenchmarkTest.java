package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.proc.BadJOSEException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fast verification is worth nothing if it believes everything. */
final class IdTokenBenchmarkTest {
  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256"})
  void everyoneAcceptsTheToken(String algorithm) throws Exception {
    IdTokenBenchmark benchmark = opened(algorithm);
    assertThat(benchmark.signatureAlone()).isTrue();
    assertThat(benchmark.symbolon().subject()).isEqualTo("248289761001");
    assertThat(benchmark.nimbusProcessor().getSubject()).isEqualTo("248289761001");
    assertThat(benchmark.nimbusOidcSdk().getSubject().getValue()).isEqualTo("248289761001");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256"})
  void everyoneRefusesTheTokenWithTheSignatureOfAnother(String algorithm) throws Exception {
    IdTokenBenchmark benchmark = opened(algorithm);
    benchmark.token = withSignatureOf(opened(algorithm).token, benchmark.token);
    assertThat(benchmark.signatureAlone()).isFalse();
    assertThatThrownBy(benchmark::symbolon).isInstanceOf(IdTokenException.class);
    assertThatThrownBy(benchmark::nimbusProcessor).isInstanceOf(BadJOSEException.class);
    assertThatThrownBy(benchmark::nimbusOidcSdk).isInstanceOf(BadJOSEException.class);
  }

  private static IdTokenBenchmark opened(String algorithm) throws Exception {
    IdTokenBenchmark benchmark = new IdTokenBenchmark();
    benchmark.algorithm = algorithm;
    benchmark.open();
    return benchmark;
  }

  private static String withSignatureOf(String other, String token) {
    return token.substring(0, token.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
  }
}
