package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read out of hostile and odd {@code WWW-Authenticate} headers. */
class HostileChallengesTest {
  private static final HostileCases CASES = HostileCases.of("www_authenticate_dpop");

  static Stream<HostileCase> cases() {
    return CASES.toRun();
  }

  @Test
  void everyCaseIsRunOrListed() {
    CASES.assertComplete(cases());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void onlyWholeChallengesAreRead(HostileCase hostile) {
    assertThat(read(hostile)).isEqualTo(expected(hostile));
  }

  private static List<Map<String, Object>> read(HostileCase hostile) {
    List<Map<String, Object>> read = new ArrayList<>();
    for (String field : fields(hostile)) {
      for (Challenge challenge : ChallengeParser.parse(field)) {
        read.add(plain(challenge));
      }
    }
    return read;
  }

  private static Map<String, Object> plain(Challenge challenge) {
    Map<String, Object> plain = new HashMap<>();
    plain.put("scheme", challenge.scheme());
    if (challenge.token68() == null) {
      plain.put("params", challenge.parameters());
    } else {
      plain.put("token68", challenge.token68());
    }
    return plain;
  }

  private static List<?> expected(HostileCase hostile) {
    return hostile.list("challenges");
  }

  static List<String> fields(HostileCase hostile) {
    List<String> fields = new ArrayList<>();
    for (Object header : hostile.list("headers")) {
      if (((List<?>) header).get(0).equals("WWW-Authenticate")) {
        String field = (String) ((List<?>) header).get(1);
        boolean abridged = field.startsWith(",,,…");
        fields.add(abridged ? ",".repeat(10_000) + " Bearer realm=\"x\"" : field);
      }
    }
    return fields;
  }
}
