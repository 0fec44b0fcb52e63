import com.android.apksig.ApkSigner;
import com.android.apksig.ApkVerifier;
import com.android.tools.r8.ClassFileResourceProvider;
import com.android.tools.r8.CompilationMode;
import com.android.tools.r8.D8;
import com.android.tools.r8.D8Command;
import com.android.tools.r8.JdkClassFileProvider;
import com.android.tools.r8.OutputMode;
import com.android.tools.r8.R8;
import com.android.tools.r8.R8Command;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes a signed app of class files, where there is no Android SDK: a debug one by D8, a shrunk one
 * by R8, and the class files that D8 makes of ours, on which the tests run again.
 *
 * <pre>java -cp r8.jar:apksig.jar BuildApk.java OUT ANDROID_JAR RESOURCES_APK CLASS_PATH RULES</pre>
 */
public final class BuildApk {
  private static final int MIN_API = 26;
  private static final long NO_TIME = 315532800000L; // 1980: the same app from the same sources
  private static final String PASSWORD = "android"; // as everybody's debug key has

  private static final Pattern COMPONENT =
      Pattern.compile("<(?:application|activity)\\s[^>]*?android:name=\"(\\.[^\"]+)\"");
  private static final List<String> LIBRARIES =
      List.of(
          "io.symbolon.oidc.OidcClient",
          "io.symbolon.oauth.OAuthInterceptor",
          "io.symbolon.oauth.android.LoginInBrowser",
          "okhttp3.OkHttpClient");

  private final Path out;
  private final Path framework;
  private final Path resources;
  private final Path rules;
  private final List<Path> program;

  private BuildApk(Path out, Path framework, Path resources, String classPath, Path rules)
      throws IOException {
    this.out = Files.createDirectories(out);
    this.framework = framework;
    this.resources = resources;
    this.rules = rules;
    this.program = archives(classPath);
  }

  public static void main(String[] args) throws Exception {
    BuildApk build =
        new BuildApk(
            Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), args[3], Path.of(args[4]));
    build.desugar();
    build.finish(build.d8(), "android-sample-debug.apk");
    build.finish(build.r8(), "android-sample-shrunk.apk");
  }

  private void desugar() throws Exception {
    Path jar = out.resolve("desugared.jar");
    D8.run(d8Command(jar, OutputMode.ClassFile));
  }

  private Path d8() throws Exception {
    Path dex = out.resolve("d8.zip");
    D8.run(d8Command(dex, OutputMode.DexIndexed));
    return dex;
  }

  private D8Command d8Command(Path to, OutputMode mode) throws Exception {
    Files.deleteIfExists(to);
    D8Command.Builder command =
        D8Command.builder()
            .setMode(CompilationMode.DEBUG)
            .setMinApiLevel(MIN_API)
            .addLibraryFiles(framework)
            .addProgramFiles(program)
            .setOutput(to, mode);
    command.addLibraryResourceProvider(platform());
    return command.build();
  }

  private Path r8() throws Exception {
    Path dex = out.resolve("r8.zip");
    Files.deleteIfExists(dex);
    R8Command.Builder command =
        R8Command.builder()
            .setMode(CompilationMode.RELEASE)
            .setMinApiLevel(MIN_API)
            .addLibraryFiles(framework)
            .addProgramFiles(program)
            .addProguardConfigurationFiles(rules)
            .setOutput(dex, OutputMode.DexIndexed);
    command.addLibraryResourceProvider(platform());
    R8.run(command.build());
    return dex;
  }

  /** The framework's jar has no {@code java.*}. */
  private static ClassFileResourceProvider platform() throws IOException {
    return JdkClassFileProvider.fromJdkHome(Path.of(System.getProperty("java.home")));
  }

  /** D8 takes archives only. */
  private List<Path> archives(String classPath) throws IOException {
    List<Path> archives = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator)) {
      Path path = Path.of(entry);
      archives.add(
          Files.isDirectory(path)
              ? zip(path, out.resolve("classes-" + archives.size() + ".jar"))
              : path);
    }
    return archives;
  }

  private static Path zip(Path directory, Path jar) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(directory).filter(Files::isRegularFile).sorted()) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = directory.relativize(file).toString().replace(File.separatorChar, '/');
        if (!name.equals("module-info.class")) {
          add(zip, new ZipEntry(name), Files.readAllBytes(file));
        }
      }
    }
    return jar;
  }

  private void finish(Path dex, String name) throws Exception {
    Path unsigned = out.resolve("unsigned.apk");
    assemble(unsigned, dex);
    Path apk = out.resolve(name);
    sign(unsigned, apk);
    ApkVerifier.Result result =
        new ApkVerifier.Builder(apk.toFile()).setMinCheckedPlatformVersion(MIN_API).build().verify();
    if (!result.isVerified()) {
      throw new IllegalStateException("the signature does not verify: " + result.getErrors());
    }
    Set<String> classes = classesIn(apk);
    requireWhatStartsTheApp(classes, apk);
    long ours = classes.stream().filter(type -> type.startsWith("io.symbolon.")).count();
    System.out.println(
        apk.getFileName() + ": " + Files.size(apk) + " octets, signature verified, "
            + classes.size() + " classes, " + ours + " of them ours");
  }

  /** The names that Android looks up, the way into the libraries, and what must not be there. */
  private void requireWhatStartsTheApp(Set<String> classes, Path apk) throws IOException {
    List<String> missing = new ArrayList<>(LIBRARIES);
    Matcher components =
        COMPONENT.matcher(Files.readString(out.resolve("AndroidManifest.xml")));
    while (components.find()) {
      missing.add("io.symbolon.sample.android" + components.group(1));
    }
    missing.removeAll(classes);
    if (!missing.isEmpty()) {
      throw new IllegalStateException(apk + " lacks " + missing);
    }
    if (classes.stream().anyMatch(type -> type.startsWith("com.github.benmanes.caffeine."))) {
      throw new IllegalStateException(apk + " brings Caffeine, which does not run on Android");
    }
  }

  private static Set<String> classesIn(Path apk) throws IOException {
    Set<String> classes = new TreeSet<>();
    try (ZipFile file = new ZipFile(apk.toFile())) {
      for (ZipEntry entry : Collections.list(file.entries())) {
        if (entry.getName().endsWith(".dex")) {
          addClasses(read(file, entry.getName()), classes);
        }
      }
    }
    return classes;
  }

  /** A dex file lists its classes by type, types by descriptor, descriptors by place. */
  private static void addClasses(byte[] octets, Set<String> classes) {
    ByteBuffer dex = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    int strings = dex.getInt(0x3c);
    int types = dex.getInt(0x44);
    int definitions = dex.getInt(0x64);
    for (int i = 0; i < dex.getInt(0x60); i++) {
      int type = dex.getInt(definitions + 32 * i);
      int start = dex.getInt(strings + 4 * dex.getInt(types + 4 * type));
      while (octets[start++] < 0) {} // the length, seven bits to an octet
      int end = start;
      while (octets[end] != 0) {
        end++;
      }
      String descriptor = new String(octets, start, end - start, StandardCharsets.UTF_8);
      classes.add(descriptor.substring(1, descriptor.length() - 1).replace('/', '.'));
    }
  }

  /**
   * The table of resources goes first and uncompressed: 30 octets of header and 14 of name put it on
   * a boundary of 4, as Android 11 demands.
   */
  private void assemble(Path apk, Path dex) throws IOException {
    Set<String> seen = new HashSet<>(Set.of("resources.arsc"));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(apk));
        ZipFile table = new ZipFile(resources.toFile())) {
      byte[] octets = read(table, "resources.arsc");
      add(zip, stored("resources.arsc", octets), octets);
      copy(resources, zip, seen);
      copy(dex, zip, seen);
      for (Path library : program) {
        copy(library, zip, seen);
      }
    }
  }

  private static void copy(Path from, ZipOutputStream zip, Set<String> seen) throws IOException {
    try (ZipFile file = new ZipFile(from.toFile())) {
      for (ZipEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        if (!entry.isDirectory() && isForTheDevice(name) && seen.add(name)) {
          add(zip, new ZipEntry(name), read(file, name));
        }
      }
    }
  }

  private static boolean isForTheDevice(String name) {
    return !name.endsWith(".class")
        && !name.endsWith(".kotlin_module")
        && !name.endsWith(".kotlin_builtins")
        && (!name.startsWith("META-INF/") || name.startsWith("META-INF/services/"));
  }

  private static ZipEntry stored(String name, byte[] octets) {
    CRC32 sum = new CRC32();
    sum.update(octets);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(octets.length);
    entry.setCrc(sum.getValue());
    return entry;
  }

  private static void add(ZipOutputStream zip, ZipEntry entry, byte[] octets) throws IOException {
    entry.setTime(NO_TIME);
    zip.putNextEntry(entry);
    zip.write(octets);
    zip.closeEntry();
  }

  private static byte[] read(ZipFile file, String name) throws IOException {
    try (InputStream in = file.getInputStream(file.getEntry(name))) {
      return in.readAllBytes();
    }
  }

  private void sign(Path in, Path apk) throws Exception {
    KeyStore keys = debugKey(out.resolve("debug.p12"));
    PrivateKey key = (PrivateKey) keys.getKey("debug", PASSWORD.toCharArray());
    X509Certificate certificate = (X509Certificate) keys.getCertificate("debug");
    List<X509Certificate> chain = List.of(certificate);
    new ApkSigner.Builder(List.of(new ApkSigner.SignerConfig.Builder("debug", key, chain).build()))
        .setInputApk(in.toFile())
        .setOutputApk(apk.toFile())
        .setMinSdkVersion(MIN_API)
        .setV1SigningEnabled(false)
        .setV2SigningEnabled(true)
        .setV3SigningEnabled(true)
        .build()
        .sign();
  }

  private static KeyStore debugKey(Path file) throws Exception {
    if (!Files.exists(file)) {
      makeDebugKey(file);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /** Java makes certificates with this program only. */
  private static void makeDebugKey(Path file) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String options = "-genkeypair -alias debug -keyalg RSA -keysize 2048 -validity 10950";
    List<String> command = new ArrayList<>(List.of(keytool));
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("-keystore", file.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD, "-dname", "CN=Android Debug"));
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException("keytool made no key, it ended with " + code);
    }
  }
}
