package io.symbolon.oauth.hostile;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Test vectors of other projects, which are not part of this one. They are read where the system
 * property {@code symbolon.vectors} says, or in a folder {@code shared/vectors} beside this project
 * or a folder above it.
 */
public final class SharedVectors {
  private SharedVectors() {}

  /** A file or folder of theirs; without it the test is skipped. */
  public static Path path(String name) {
    String configured = System.getProperty("symbolon.vectors");
    Path vectors = configured == null ? above(Path.of("").toAbsolutePath()) : Path.of(configured);
    boolean there = vectors != null && Files.exists(vectors.resolve(name));
    assumeTrue(there, name + " is not there; name its folder with -Dsymbolon.vectors=…");
    return vectors.resolve(name);
  }

  private static Path above(Path start) {
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      Path vectors = folder.resolve("shared/vectors");
      if (Files.isDirectory(vectors)) {
        return vectors;
      }
    }
    return null;
  }

  /** One of their JSON files. */
  public static Map<String, Object> json(String name) throws IOException {
    return HostileJson.object(Files.readString(path(name)));
  }
}
