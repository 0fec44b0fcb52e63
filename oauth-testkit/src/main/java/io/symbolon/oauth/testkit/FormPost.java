package io.symbolon.oauth.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page that posts itself to the client (OAuth 2.0 Form Post Response Mode), written and read.
 */
final class FormPost {
  private static final Pattern INPUT =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

  private FormPost() {}

  static String page(String action, Map<String, String> parameters) {
    StringBuilder inputs = new StringBuilder();
    parameters.forEach((name, value) -> inputs.append(input(name, value)));
    return """
    <!DOCTYPE html>
    <html><head><title>Submit this form</title></head>
    <body onload="document.forms[0].submit()"><form method="post" action="%s">
    %s</form></body></html>
    """
        .formatted(escape(action), inputs);
  }

  /** The form as a browser would send it. */
  static String body(String page) {
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher matcher = INPUT.matcher(page);
    while (matcher.find()) parameters.put(unescape(matcher.group(1)), unescape(matcher.group(2)));
    return Parameters.encode(parameters);
  }

  private static String input(String name, String value) {
    return "<input type=\"hidden\" name=\"%s\" value=\"%s\">\n"
        .formatted(escape(name), escape(value));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String unescape(String text) {
    return text.replace("&quot;", "\"")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&");
  }
}
