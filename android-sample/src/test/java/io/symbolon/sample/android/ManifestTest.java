package io.symbolon.sample.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.content.Intent;
import android.content.IntentFilter;
import android.net.Uri;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The manifest as it stands in the source, matched by the platform's own filters. */
@RunWith(RobolectricTestRunner.class)
public class ManifestTest {
  private static final String ANDROID = "http://schemas.android.com/apk/res/android";
  private static final String PACKAGE = "io.symbolon.sample.android";

  @Test
  public void eachRedirectUriHasOneDoor() throws Exception {
    for (boolean byAppLink : new boolean[] {true, false}) {
      String redirect = new Provider("", "", byAppLink).redirectUri() + "?code=c&state=s";
      assertThat(activitiesFor(redirect)).as(redirect).containsExactly(".RedirectActivity");
    }
  }

  @Test
  public void nothingElseOpensTheDoor() throws Exception {
    assertThat(activitiesFor("https://app.example.com/other")).isEmpty();
    assertThat(activitiesFor("http://app.example.com/callback")).isEmpty();
    assertThat(activitiesFor("https://example.com/callback")).isEmpty();
  }

  @Test
  public void onlyTheAppLinkIsVerified() throws Exception {
    for (Element filter : elements("intent-filter")) {
      boolean isHttps = values(filter, "data", "scheme").contains("https");
      assertThat(filter.getAttributeNS(ANDROID, "autoVerify")).isEqualTo(isHttps ? "true" : "");
    }
  }

  @Test
  public void everyActivityExistsAndSaysWhoMayStartIt() throws Exception {
    for (Element activity : elements("activity")) {
      assertThat(Class.forName(PACKAGE + name(activity))).isNotNull();
      assertThat(activity.getAttributeNS(ANDROID, "exported")).isEqualTo("true");
      assertThat(activity.hasAttributeNS(ANDROID, "taskAffinity")).isTrue();
      assertThat(activity.getAttributeNS(ANDROID, "taskAffinity")).isEmpty();
    }
  }

  @Test
  public void nothingIsBackedUpAndNothingIsSentInClear() throws Exception {
    Element application = elements("application").get(0);

    assertThat(application.getAttributeNS(ANDROID, "allowBackup")).isEqualTo("false");
    assertThat(application.getAttributeNS(ANDROID, "fullBackupContent")).isEqualTo("false");
    assertThat(application.getAttributeNS(ANDROID, "usesCleartextTraffic")).isEqualTo("false");
    assertThat(values(elements("manifest").get(0), "uses-permission", "name"))
        .containsExactly("android.permission.INTERNET");
  }

  @Test
  public void theAppMaySeeBrowsersAndTheirTabs() throws Exception {
    Element queries = elements("queries").get(0);

    assertThat(values(queries, "action", "name"))
        .containsExactly(Intent.ACTION_VIEW, "android.support.customtabs.action.CustomTabsService");
    assertThat(values(queries, "data", "scheme")).containsExactly("https");
  }

  private static List<String> activitiesFor(String url) throws Exception {
    List<String> found = new ArrayList<>();
    Set<String> categories = Set.of(Intent.CATEGORY_BROWSABLE, Intent.CATEGORY_DEFAULT);
    for (Element activity : elements("activity")) {
      for (Element filter : children(activity, "intent-filter")) {
        Uri uri = Uri.parse(url);
        int match =
            filter(filter)
                .match(Intent.ACTION_VIEW, null, uri.getScheme(), uri, categories, "test");
        if (match >= 0) {
          found.add(name(activity));
        }
      }
    }
    return found;
  }

  private static IntentFilter filter(Element element) {
    IntentFilter filter = new IntentFilter();
    values(element, "action", "name").forEach(filter::addAction);
    values(element, "category", "name").forEach(filter::addCategory);
    values(element, "data", "scheme").forEach(filter::addDataScheme);
    values(element, "data", "host").forEach(host -> filter.addDataAuthority(host, null));
    values(element, "data", "path")
        .forEach(path -> filter.addDataPath(path, android.os.PatternMatcher.PATTERN_LITERAL));
    return filter;
  }

  private static String name(Element activity) {
    return activity.getAttributeNS(ANDROID, "name");
  }

  private static List<String> values(Element parent, String tag, String attribute) {
    return children(parent, tag).stream()
        .map(element -> element.getAttributeNS(ANDROID, attribute))
        .filter(value -> !value.isEmpty())
        .toList();
  }

  private static List<Element> elements(String tag) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Element root =
        factory
            .newDocumentBuilder()
            .parse(Path.of("src/main/AndroidManifest.xml").toFile())
            .getDocumentElement();
    return root.getTagName().equals(tag) ? List.of(root) : children(root, tag);
  }

  private static List<Element> children(Element parent, String tag) {
    NodeList nodes = parent.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
