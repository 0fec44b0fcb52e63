package io.symbolon.cli;

import java.awt.Desktop;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.net.URI;

/** The user's own browser. */
final class Browser {
  private Browser() {}

  /** Opens a page; false where there is no browser to open. Never through a shell. */
  static boolean open(URI url) {
    if (GraphicsEnvironment.isHeadless() || !Desktop.isDesktopSupported()) {
      return false;
    }
    try {
      Desktop.getDesktop().browse(url);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
