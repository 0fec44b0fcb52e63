package io.symbolon.sample.android;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.view.View;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** Draws every screen, by day and by night, into {@code target/screenshots}: -Dtest=Screenshots. */
@RunWith(RobolectricTestRunner.class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(qualifiers = "w360dp-h760dp-xhdpi", application = SampleApplication.class)
public class Screenshots {
  private static final Provider PROVIDER =
      new Provider("https://login.example.com", "android-app", false);

  @Test
  public void everyScreenIsDrawn() throws Exception {
    for (String time : new String[] {"day", "night"}) {
      RuntimeEnvironment.setQualifiers(time.equals("day") ? "+notnight" : "+night");
      draw("sign-in-" + time, new State.SignedOut(PROVIDER, null));
      draw(
          "fault-" + time,
          new State.SignedOut(
              PROVIDER, Sentences.about(new java.net.UnknownHostException("login.example.com"))));
      draw("working-" + time, new State.Working("Checking the answer"));
      draw("browser-" + time, new State.InBrowser(PROVIDER, null));
      draw("signed-in-" + time, new State.SignedIn(jane(), null, "HTTP 200\n{\"sub\":\"248289\"}"));
    }
  }

  private static Profile jane() {
    Map<String, String> claims = new LinkedHashMap<>();
    claims.put("name", "Jane Doe");
    claims.put("email", "jane@example.com");
    claims.put("iss", "https://login.example.com");
    claims.put("sub", "248289");
    claims.put("aud", "[android-app]");
    return new Profile(claims);
  }

  private static void draw(String name, State state) throws Exception {
    Activity activity = Robolectric.buildActivity(Activity.class).setup().get();
    SampleApplication app = (SampleApplication) RuntimeEnvironment.getApplication();
    View view = new Screens(activity, app.signIn()).of(state);
    view.measure(
        View.MeasureSpec.makeMeasureSpec(720, View.MeasureSpec.EXACTLY),
        View.MeasureSpec.makeMeasureSpec(1520, View.MeasureSpec.EXACTLY));
    view.layout(0, 0, 720, 1520);
    Bitmap bitmap = Bitmap.createBitmap(720, 1520, Bitmap.Config.ARGB_8888);
    view.draw(new Canvas(bitmap));
    Path file = Path.of("target/screenshots", name + ".png");
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      assertThat(bitmap.compress(Bitmap.CompressFormat.PNG, 100, out)).isTrue();
    }
  }
}
