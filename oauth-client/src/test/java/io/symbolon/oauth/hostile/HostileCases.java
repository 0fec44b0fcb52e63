package io.symbolon.oauth.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cases of one file, and those of {@code name.neighbours.json}: what the same rules say about
 * inputs beside them. There also lies {@code name.pending.txt}, with the cases that are not run
 * because what they attack does not exist yet, and perhaps {@code name.disputed.txt}, with those
 * that we think are wrong; a line is an id and a reason.
 */
public final class HostileCases {
  private final String name;
  private final List<HostileCase> cases;
  private final Map<String, String> listed = new LinkedHashMap<>();

  private HostileCases(String name, List<HostileCase> cases) {
    this.name = name;
    this.cases = cases;
  }

  /** Reads one file, such as {@code token_responses}, its neighbours and its lists. */
  public static HostileCases of(String name) {
    Map<String, Object> file = HostileJson.resource("/hostile/" + name + ".json");
    Map<String, Object> neighbours = HostileJson.resource("/hostile/" + name + ".neighbours.json");
    Map<?, ?> defaults = (Map<?, ?>) file.getOrDefault("defaults", Map.of());
    Map<?, ?> context =
        defaults.containsKey("context") ? (Map<?, ?>) defaults.get("context") : defaults;
    Map<?, ?> usual = (Map<?, ?>) neighbours.getOrDefault("usual", Map.of());
    HostileCases cases =
        new HostileCases(
            name,
            Stream.of(file, neighbours)
                .flatMap(from -> ((List<?>) from.get("cases")).stream())
                .map(json -> new HostileCase(whole(objectOf(json), usual), context))
                .toList());
    cases.readList("/hostile/" + name + ".pending.txt");
    cases.readList("/hostile/" + name + ".disputed.txt");
    return cases;
  }

  /** A case that says only how its input differs from the usual one gets that input. */
  private static Map<String, Object> whole(Map<String, Object> json, Map<?, ?> usual) {
    Map<?, ?> with = (Map<?, ?>) json.get("with");
    if (with == null) {
      return json;
    }
    Object kind = json.getOrDefault("kind", usual.keySet().iterator().next());
    Map<?, ?> likeThis = (Map<?, ?>) usual.get(kind);
    String claims = HostileJson.text(changed(likeThis, with, "claims"));
    String input = likeThis.containsKey("header") ? signed(likeThis, with, claims) : claims;
    List<?> into = (List<?>) likeThis.get("into");
    Map<String, Object> place = json;
    for (Object member : into.subList(0, into.size() - 1)) {
      place = objectOf(place.get(member));
    }
    place.put((String) into.get(into.size() - 1), input);
    return json;
  }

  private static String signed(Map<?, ?> usual, Map<?, ?> with, String claims) {
    try {
      return HostileKeys.signed(HostileJson.text(changed(usual, with, "header")), claims);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<Object, Object> changed(Map<?, ?> usual, Map<?, ?> with, String part) {
    Map<Object, Object> changed = new LinkedHashMap<>((Map<?, ?>) usual.get(part));
    if (with.containsKey(part)) {
      changed.putAll((Map<?, ?>) with.get(part));
    }
    List<?> without = with.containsKey("without") ? (List<?>) with.get("without") : List.of();
    changed.keySet().removeIf(member -> without.contains(part + "." + member));
    return changed;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> objectOf(Object json) {
    return (Map<String, Object>) json;
  }

  private void readList(String resource) {
    try (InputStream in = HostileCases.class.getResourceAsStream(resource)) {
      if (in == null) {
        return;
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(this::list);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void list(String line) {
    String[] idAndReason = line.split("\\s+", 2);
    if (idAndReason.length != 2 || listed.put(idAndReason[0], idAndReason[1]) != null) {
      throw new IllegalStateException(name + ": without reason, or listed twice: " + line);
    }
  }

  /** All cases, whether they are run or not. */
  public Stream<HostileCase> all() {
    return cases.stream();
  }

  /** The cases that are not listed. */
  public Stream<HostileCase> toRun() {
    return cases.stream().filter(hostile -> !listed.containsKey(hostile.id()));
  }

  /** One case by its id, for a test that says more about it. */
  public HostileCase named(String id) {
    return cases.stream().filter(hostile -> hostile.id().equals(id)).findFirst().orElseThrow();
  }

  /** Fails when a case is neither run nor listed, or both, or when a listed one does not exist. */
  public void assertComplete(Stream<HostileCase> run) {
    List<String> covered =
        Stream.concat(run.map(HostileCase::id), listed.keySet().stream()).sorted().toList();
    List<String> all = cases.stream().map(HostileCase::id).sorted().toList();
    if (!covered.equals(all)) {
      throw new AssertionError(
          name
              + ": neither run nor listed "
              + without(all, covered)
              + ", run or listed but not there "
              + without(covered, all)
              + ", twice "
              + twice(covered));
    }
  }

  private static List<String> without(List<String> ids, List<String> others) {
    return ids.stream().filter(id -> !others.contains(id)).toList();
  }

  private static List<String> twice(List<String> ids) {
    return ids.stream()
        .collect(Collectors.groupingBy(id -> id, Collectors.counting()))
        .entrySet()
        .stream()
        .filter(entry -> entry.getValue() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }
}
