package io.symbolon.sample.android;

import android.content.Context;
import android.content.res.ColorStateList;
import android.graphics.Bitmap;
import android.graphics.Typeface;
import android.graphics.drawable.GradientDrawable;
import android.graphics.drawable.RippleDrawable;
import android.util.TypedValue;
import android.view.Gravity;
import android.view.View;
import android.view.ViewGroup.LayoutParams;
import android.view.WindowInsets;
import android.widget.Button;
import android.widget.CheckBox;
import android.widget.EditText;
import android.widget.ImageView;
import android.widget.LinearLayout;
import android.widget.ProgressBar;
import android.widget.ScrollView;
import android.widget.TextView;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A page from top to bottom, without resources: the default build has no tool that compiles them.
 */
final class Page {
  private static final int MARGIN = 24;
  private static final int WIDEST = 560;

  private final Context context;
  private final Palette palette;
  private final LinearLayout column;

  Page(Context context) {
    this.context = context;
    this.palette = Palette.of(context);
    this.column = column();
  }

  View view() {
    ScrollView scroll = new ScrollView(context);
    scroll.setFillViewport(true);
    scroll.setBackgroundColor(palette.page());
    scroll.setOnApplyWindowInsetsListener(Page::makeRoom);
    int spare = context.getResources().getDisplayMetrics().widthPixels - dp(WIDEST);
    int side = Math.max(dp(MARGIN), spare / 2);
    column.setPadding(side, dp(32), side, dp(32));
    scroll.addView(column);
    return scroll;
  }

  /** Bars, cutouts and keyboard cover the edges of a window from Android 15 on. */
  @SuppressWarnings("deprecation") // what replaces them is not there on Android 8
  private static WindowInsets makeRoom(View view, WindowInsets insets) {
    view.setPadding(
        insets.getSystemWindowInsetLeft(),
        insets.getSystemWindowInsetTop(),
        insets.getSystemWindowInsetRight(),
        insets.getSystemWindowInsetBottom());
    return insets;
  }

  Page title(String text) {
    TextView title = label(text, 30, palette.text());
    title.setTypeface(Typeface.create("sans-serif-medium", Typeface.NORMAL));
    return add(title, 8);
  }

  Page text(String text) {
    return add(label(text, 16, palette.quiet()), 8);
  }

  Page small(String text) {
    return add(label(text, 13, palette.quiet()), 16);
  }

  /** Read aloud when it appears. */
  Page notice(String text) {
    TextView notice = label(text, 16, palette.text());
    notice.setPadding(dp(16), dp(14), dp(16), dp(14));
    notice.setBackground(shape(palette.card(), 12, palette.accent()));
    notice.setAccessibilityLiveRegion(View.ACCESSIBILITY_LIVE_REGION_POLITE);
    return add(notice, 20);
  }

  Page chips(Map<String, String> values, Consumer<String> chosen) {
    LinearLayout row = new LinearLayout(context);
    values.forEach(
        (name, value) -> {
          Button chip = plainButton(name, () -> chosen.accept(value));
          chip.setTextColor(palette.accent());
          chip.setBackground(pressable(shape(palette.card(), 24, palette.line())));
          LinearLayout.LayoutParams place = new LinearLayout.LayoutParams(0, dp(48), 1);
          place.setMarginStart(row.getChildCount() == 0 ? 0 : dp(8));
          row.addView(chip, place);
        });
    return add(row, 24);
  }

  Page field(int id, String name, String hint, EditText field, String value) {
    TextView label = label(name, 13, palette.quiet());
    label.setLabelFor(id);
    field.setId(id);
    field.setSingleLine(true);
    field.setText(value);
    field.setHint(hint);
    field.setTextColor(palette.text());
    field.setHintTextColor(palette.quiet());
    field.setTextSize(TypedValue.COMPLEX_UNIT_SP, 16);
    field.setPadding(dp(16), dp(14), dp(16), dp(14));
    field.setBackground(shape(palette.card(), 12, palette.line()));
    add(label, 20);
    return add(field, 6);
  }

  CheckBox choice(int id, String text, boolean isChecked) {
    CheckBox box = new CheckBox(context);
    box.setId(id);
    box.setText(text);
    box.setTextColor(palette.text());
    box.setTextSize(TypedValue.COMPLEX_UNIT_SP, 16);
    box.setButtonTintList(ColorStateList.valueOf(palette.accent()));
    box.setMinHeight(dp(48));
    box.setChecked(isChecked);
    add(box, 12);
    return box;
  }

  Page button(String text, Runnable action) {
    Button button = plainButton(text, action);
    button.setTextColor(palette.onAccent());
    button.setBackground(pressable(shape(palette.accent(), 28, palette.accent())));
    return add(button, 24);
  }

  Page quietButton(String text, Runnable action) {
    Button button = plainButton(text, action);
    button.setTextColor(palette.accent());
    button.setBackground(pressable(shape(palette.page(), 28, palette.line())));
    return add(button, 12);
  }

  Page person(String name, @Nullable String email, @Nullable Bitmap picture) {
    LinearLayout row = new LinearLayout(context);
    row.setGravity(Gravity.CENTER_VERTICAL);
    row.addView(portrait(name, picture), new LinearLayout.LayoutParams(dp(72), dp(72)));
    LinearLayout words = column();
    words.setPadding(dp(16), 0, 0, 0);
    TextView title = label(name, 24, palette.text());
    title.setTypeface(Typeface.create("sans-serif-medium", Typeface.NORMAL));
    words.addView(title);
    if (email != null) {
      words.addView(label(email, 15, palette.quiet()));
    }
    row.addView(words);
    return add(row, 0);
  }

  private View portrait(String name, @Nullable Bitmap picture) {
    if (picture == null) {
      TextView initial = label(name.isEmpty() ? "?" : name.substring(0, 1), 30, palette.onAccent());
      initial.setGravity(Gravity.CENTER);
      initial.setBackground(shape(palette.accent(), 36, palette.accent()));
      initial.setImportantForAccessibility(View.IMPORTANT_FOR_ACCESSIBILITY_NO);
      return initial;
    }
    ImageView image = new ImageView(context);
    image.setImageBitmap(picture);
    image.setScaleType(ImageView.ScaleType.CENTER_CROP);
    image.setBackground(shape(palette.card(), 36, palette.line()));
    image.setClipToOutline(true);
    image.setContentDescription("Picture of " + name);
    return image;
  }

  Page table(Map<String, String> values) {
    LinearLayout card = column();
    card.setPadding(dp(16), dp(4), dp(16), dp(16));
    card.setBackground(shape(palette.card(), 16, palette.line()));
    values.forEach(
        (name, value) -> {
          TextView key = label(name, 13, palette.quiet());
          key.setPadding(0, dp(12), 0, 0);
          card.addView(key);
          TextView shown = label(value, 16, palette.text());
          shown.setTextIsSelectable(true);
          card.addView(shown);
        });
    return add(card, 20);
  }

  Page code(String text) {
    TextView code = label(text, 13, palette.text());
    code.setTypeface(Typeface.MONOSPACE);
    code.setPadding(dp(16), dp(16), dp(16), dp(16));
    code.setBackground(shape(palette.card(), 16, palette.line()));
    code.setAccessibilityLiveRegion(View.ACCESSIBILITY_LIVE_REGION_POLITE);
    return add(code, 20);
  }

  Page waiting(String what) {
    column.setGravity(Gravity.CENTER);
    ProgressBar circle = new ProgressBar(context);
    circle.setIndeterminateTintList(ColorStateList.valueOf(palette.accent()));
    column.addView(circle, new LinearLayout.LayoutParams(dp(48), dp(48)));
    TextView label = label(what, 16, palette.quiet());
    label.setGravity(Gravity.CENTER);
    return add(label, 20);
  }

  private Button plainButton(String text, Runnable action) {
    Button button = new Button(context);
    button.setText(text);
    button.setAllCaps(false);
    button.setTextSize(TypedValue.COMPLEX_UNIT_SP, 16);
    button.setMinHeight(dp(52));
    button.setPadding(dp(8), 0, dp(8), 0);
    button.setStateListAnimator(null);
    button.setOnClickListener(clicked -> action.run());
    return button;
  }

  private LinearLayout column() {
    LinearLayout layout = new LinearLayout(context);
    layout.setOrientation(LinearLayout.VERTICAL);
    return layout;
  }

  private TextView label(String text, int size, int color) {
    TextView label = new TextView(context);
    label.setText(text);
    label.setTextColor(color);
    label.setTextSize(TypedValue.COMPLEX_UNIT_SP, size);
    label.setLineSpacing(dp(2), 1);
    return label;
  }

  private RippleDrawable pressable(GradientDrawable shape) {
    return new RippleDrawable(ColorStateList.valueOf(palette.line()), shape, null);
  }

  private GradientDrawable shape(int fill, int radius, int line) {
    GradientDrawable shape = new GradientDrawable();
    shape.setColor(fill);
    shape.setCornerRadius(dp(radius));
    shape.setStroke(dp(1), line);
    return shape;
  }

  private Page add(View view, int above) {
    LinearLayout.LayoutParams place =
        new LinearLayout.LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.WRAP_CONTENT);
    place.topMargin = dp(above);
    column.addView(view, place);
    return this;
  }

  private int dp(int value) {
    return Math.round(value * context.getResources().getDisplayMetrics().density);
  }
}
