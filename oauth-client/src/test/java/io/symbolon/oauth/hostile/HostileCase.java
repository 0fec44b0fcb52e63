package io.symbolon.oauth.hostile;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One hostile or odd input, and what must become of it. */
public final class HostileCase {
  private final Map<String, Object> json;
  private final Map<?, ?> defaults;

  HostileCase(Map<String, Object> json, Map<?, ?> defaults) {
    this.json = json;
    this.defaults = defaults;
  }

  public String id() {
    return text("id");
  }

  /** Whether the case was found beside those that were given. */
  public boolean isNeighbour() {
    return id().matches(".*-N[0-9]+");
  }

  /** Whether the input must be taken; else it must be refused. */
  public boolean isAccepted() {
    return text("recommended").equals("accept");
  }

  /** A member that is a text; null when it is absent. */
  public String text(String name) {
    return (String) json.get(name);
  }

  /** A member that is a whole number. */
  public int number(String name) {
    return Math.toIntExact((Long) json.get(name));
  }

  /** A member that is an object; empty when it is absent. */
  public Map<?, ?> object(String name) {
    return json.containsKey(name) ? (Map<?, ?>) json.get(name) : Map.of();
  }

  /** A member that is a list; null when it is absent. */
  public List<?> list(String name) {
    return (List<?>) json.get(name);
  }

  /** What the case says about the world around it, or else what its file says for all cases. */
  public Object context(String name) {
    Map<?, ?> own = object("context");
    return own.containsKey(name) ? own.get(name) : defaults.get(name);
  }

  /** The same as text. */
  public String contextText(String name) {
    return (String) context(name);
  }

  /** Whether the case says so. */
  public boolean isContext(String name, Object value) {
    return Objects.equals(context(name), value);
  }

  /** What should come out, where there is more to say than yes or no. */
  public Map<?, ?> outcome() {
    return object("outcome");
  }

  /** The kind of the outcome; null when the case does not say. */
  public String outcomeKind() {
    return (String) outcome().get("kind");
  }

  /** The HTTP response of the case. */
  public HostileResponse response() {
    return new HostileResponse(object("response"));
  }

  /** How the test is displayed. */
  @Override
  public String toString() {
    return id() + " " + text("title");
  }
}
