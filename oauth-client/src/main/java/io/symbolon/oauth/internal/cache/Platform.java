package io.symbolon.oauth.internal.cache;

final class Platform {
  static final boolean HAS_CAFFEINE = !isDalvik() && isPresent();

  private Platform() {}

  // Caffeine 3 calls System.getLogger, which no Android has.
  private static boolean isDalvik() {
    return "Dalvik".equals(System.getProperty("java.vm.name"));
  }

  private static boolean isPresent() {
    try {
      Class.forName(
          "com.github.benmanes.caffeine.cache.Caffeine", false, Platform.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
