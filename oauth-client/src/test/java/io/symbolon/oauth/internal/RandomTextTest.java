package io.symbolon.oauth.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.KnownOctets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RandomTextTest {
  private static final int SAMPLES = 100_000;

  @Test
  void aHundredThousandAreAllDifferentAndEveryBitOfThemIsFair() {
    SecureRandom random = new SecureRandom();
    Set<String> seen = new HashSet<>();
    int[] ones = new int[256];

    for (int i = 0; i < SAMPLES; i++) {
      String text = RandomText.of256Bits(random);
      seen.add(text);
      byte[] octets = Base64.getUrlDecoder().decode(text);
      for (int bit = 0; bit < 8 * octets.length; bit++) {
        ones[bit] += octets[bit / 8] >> (bit % 8) & 1;
      }
    }

    assertThat(seen).hasSize(SAMPLES);
    assertThat(seen.stream().allMatch(text -> text.length() == 43)).isTrue();
    for (int count : ones) { // half of them, give or take nine standard deviations
      assertThat(count).isBetween(SAMPLES / 2 - 1_423, SAMPLES / 2 + 1_423);
    }
  }

  @Test
  void theOctetsAreThoseOfTheGivenRandom() {
    String verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    assertThat(RandomText.of256Bits(KnownOctets.ofBase64Url(verifier))).isEqualTo(verifier);
  }
}
