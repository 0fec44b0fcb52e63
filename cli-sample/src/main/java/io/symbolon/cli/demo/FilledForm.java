package io.symbolon.cli.demo;

import java.io.IOException;
import java.util.Locale;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.jspecify.annotations.Nullable;

/**
 * A form of a web page, filled in by a user who agrees to everything and presses the first button.
 */
final class FilledForm {
  private static final String TYPED =
      "input:not([type]), input[type=text], input[type=email], input[type=tel]";

  private final Element form;
  private final String username;
  private final String password;
  private final FormBody.Builder fields = new FormBody.Builder();

  private FilledForm(Element form, String username, String password) {
    this.form = form;
    this.username = username;
    this.password = password;
  }

  /** The page's login form, or the first form there is, or null. */
  static @Nullable Element formOf(Document page) {
    Element login = page.selectFirst("form:has(input[type=password])");
    return login != null ? login : page.selectFirst("form");
  }

  static boolean asksForPassword(Element form) {
    return form.selectFirst("input[type=password]") != null;
  }

  /** The request that this form sends. */
  static Request fill(Element form, String username, String password) throws IOException {
    FilledForm filled = new FilledForm(form, username, password);
    for (Element field : form.select("input[name]:not([disabled])")) {
      filled.fill(field);
    }
    filled.pressFirstButton();
    return filled.request();
  }

  private void fill(Element field) throws IOException {
    switch (field.attr("type").toLowerCase(Locale.ROOT)) {
      case "password" -> add(field, password);
      case "hidden" -> add(field, field.attr("value"));
      case "checkbox", "radio" -> tick(field);
      case "submit", "image", "button", "reset", "file" -> {}
      default -> add(field, typed(field));
    }
  }

  private void tick(Element field) {
    if (field.hasAttr("checked")) add(field, field.hasAttr("value") ? field.attr("value") : "on");
  }

  private String typed(Element field) throws IOException {
    if (!field.attr("value").isEmpty()) return field.attr("value");
    if (asksForPassword(form) && field.equals(form.selectFirst(TYPED))) return username;
    throw new IOException(
        "the page asks for \"" + field.attr("name") + "\", which a scripted user does not know");
  }

  private void pressFirstButton() {
    Elements buttons =
        form.select("button:not([type=button]):not([type=reset]), input[type=submit]");
    if (!form.id().isEmpty()) buttons.addAll(form.root().select("button[form=" + form.id() + "]"));
    Element button = buttons.first();
    if (button != null && button.hasAttr("name")) add(button, button.attr("value"));
  }

  private void add(Element field, String value) {
    fields.add(field.attr("name"), value);
  }

  private Request request() {
    HttpUrl action = HttpUrl.get(form.hasAttr("action") ? form.absUrl("action") : form.baseUri());
    FormBody body = fields.build();
    if (form.attr("method").equalsIgnoreCase("post"))
      return new Request.Builder().url(action).post(body).build();
    return new Request.Builder().url(withQuery(action, body)).build();
  }

  private static HttpUrl withQuery(HttpUrl action, FormBody body) {
    HttpUrl.Builder url = action.newBuilder().query(null);
    for (int i = 0; i < body.size(); i++) {
      url.addQueryParameter(body.name(i), body.value(i));
    }
    return url.build();
  }
}
