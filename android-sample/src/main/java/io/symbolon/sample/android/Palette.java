package io.symbolon.sample.android;

import android.content.Context;
import android.content.res.Configuration;

/** The colours, by day and by night. */
record Palette(int page, int card, int text, int quiet, int accent, int onAccent, int line) {
  private static final Palette DAY =
      new Palette(
          0xfff6f7fb, 0xffffffff, 0xff1a1c22, 0xff5a6070, 0xff2f5bd0, 0xffffffff, 0xffdfe3ec);
  private static final Palette NIGHT =
      new Palette(
          0xff12141a, 0xff1d2029, 0xffe8eaf1, 0xffa2a9ba, 0xffadc2ff, 0xff0c2266, 0xff333847);

  static Palette of(Context context) {
    int mode = context.getResources().getConfiguration().uiMode & Configuration.UI_MODE_NIGHT_MASK;
    return mode == Configuration.UI_MODE_NIGHT_YES ? NIGHT : DAY;
  }
}
