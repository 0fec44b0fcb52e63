package io.symbolon.oauth.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.SharedVectors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nicolas Seriot's JSONTestSuite. */
class JsonTestSuiteTest {
  /** Legal JSON that we refuse: which of the two should count, nobody can say (RFC 8259 §4). */
  private static final List<String> DUPLICATE_NAMES =
      List.of("y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json");

  @Test
  void whatIsNotJsonIsRefused() throws Exception {
    List<Path> files = files("n_");
    assertThat(files).hasSize(188);
    assertThat(accepted(files)).isEmpty();
  }

  @Test
  void whatIsJsonIsReadUnlessANameOccursTwice() throws Exception {
    List<Path> files = files("y_");
    assertThat(files).hasSize(95);
    List<String> refused = new ArrayList<>(files.stream().map(JsonTestSuiteTest::name).toList());
    refused.removeAll(accepted(files));
    assertThat(refused).containsExactlyInAnyOrderElementsOf(DUPLICATE_NAMES);
  }

  @Test
  void whatMayBeEitherHarmsNobody() throws Exception {
    List<Path> files = files("i_");
    assertThat(files).hasSize(35);
    assertThat(accepted(files)).hasSizeLessThanOrEqualTo(35);
  }

  private static List<Path> files(String prefix) throws IOException {
    Path folder = SharedVectors.path("jsontestsuite/test_parsing");
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> name(file).startsWith(prefix)).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static List<String> accepted(List<Path> files) throws Exception {
    List<String> accepted = new ArrayList<>();
    for (Path file : files) {
      if (Attempt.at(() -> read(Files.readAllBytes(file))).isAccepted()) {
        accepted.add(name(file));
      }
    }
    return accepted;
  }

  private static String read(byte[] utf8) throws ParseException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return String.valueOf(StrictJson.parse(text));
    } catch (CharacterCodingException e) {
      throw new ParseException("it is not UTF-8", 0);
    }
  }
}
