package io.symbolon.sample.android;

import android.graphics.Bitmap;
import android.graphics.BitmapFactory;
import org.jspecify.annotations.Nullable;

/** A picture from somebody else's server: of any size, and perhaps none. */
final class Picture {
  private static final int EDGE = 256;
  private static final int LONGEST_EDGE = 8192;

  private Picture() {}

  static @Nullable Bitmap decode(byte[] octets) {
    BitmapFactory.Options size = new BitmapFactory.Options();
    size.inJustDecodeBounds = true;
    BitmapFactory.decodeByteArray(octets, 0, octets.length, size);
    int edge = Math.max(size.outWidth, size.outHeight);
    if (edge <= 0 || edge > LONGEST_EDGE) {
      return null;
    }
    BitmapFactory.Options small = new BitmapFactory.Options();
    small.inSampleSize = Math.max(1, Integer.highestOneBit(edge / EDGE));
    return BitmapFactory.decodeByteArray(octets, 0, octets.length, small);
  }
}
