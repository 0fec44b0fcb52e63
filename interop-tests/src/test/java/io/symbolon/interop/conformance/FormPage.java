package io.symbolon.interop.conformance;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page whose form a browser posts at once (OAuth 2.0 Form Post Response Mode §2). */
final class FormPage {
  private static final Pattern INPUT = Pattern.compile("<input\\b[^>]*>", Pattern.CASE_INSENSITIVE);
  private static final Pattern REFERENCE = Pattern.compile("&(#x?[0-9A-Fa-f]+|\\w+);");

  private FormPage() {}

  /** The form as the browser would post it; null when the page has no form with fields. */
  static String body(String page) {
    List<String> fields = new ArrayList<>();
    Matcher inputs = INPUT.matcher(page);
    while (inputs.find()) {
      String name = attribute(inputs.group(), "name");
      if (name != null) {
        String value = attribute(inputs.group(), "value");
        fields.add(encode(name) + "=" + encode(value == null ? "" : value));
      }
    }
    return fields.isEmpty() ? null : String.join("&", fields);
  }

  private static String attribute(String tag, String name) {
    Matcher attribute =
        Pattern.compile("\\b" + name + "\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')").matcher(tag);
    if (!attribute.find()) {
      return null;
    }
    return unescape(attribute.group(1) != null ? attribute.group(1) : attribute.group(2));
  }

  private static String unescape(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(character(match.group(1))));
  }

  private static String character(String reference) {
    if (reference.startsWith("#")) {
      boolean hex = reference.charAt(1) == 'x';
      return Character.toString(Integer.parseInt(reference.substring(hex ? 2 : 1), hex ? 16 : 10));
    }
    return switch (reference) {
      case "amp" -> "&";
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      case "apos" -> "'";
      default -> "&" + reference + ";";
    };
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
