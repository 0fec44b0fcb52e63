package io.symbolon.oauth;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a module offers to its users, as text: one line for each public or protected member of an
 * exported package, so that no change of the API gets past a review unseen.
 */
public final class ApiDump {
  private static final Set<String> WELL_KNOWN = Set.of("java.lang", "java.util", "java.io");
  private static final Set<String> OBJECT_METHODS = Set.of("equals", "hashCode", "toString");

  private ApiDump() {}

  /** Fails unless {@code <module>/api/<module>.api} says what the compiled module offers. */
  public static void check(Path module) throws Exception {
    Path home = module.toRealPath();
    Path file = home.resolve("api").resolve(home.getFileName() + ".api");
    String actual = of(home.resolve("target/classes"));
    if (Boolean.getBoolean("api.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, actual);
    }
    String expected = Files.exists(file) ? Files.readString(file) : "";
    if (!actual.equals(expected)) {
      throw new AssertionError(
          "The public API of "
              + home.getFileName()
              + " is not what its api file says. If it is meant to change, run\n"
              + "  mvn test -Dtest=ApiDumpTest -Dapi.update=true\n"
              + "and commit the file. The difference:\n"
              + difference(expected, actual));
    }
  }

  /** The API of the compiled module in a folder of classes; empty if there is no such folder. */
  public static String of(Path classes) throws Exception {
    if (!Files.exists(classes)) {
      return "";
    }
    URL[] urls = {classes.toUri().toURL()};
    StringBuilder dump = new StringBuilder();
    try (URLClassLoader loader = new URLClassLoader(urls, ApiDump.class.getClassLoader())) {
      for (String name : exportedClassNames(classes)) {
        Class<?> type = Class.forName(name, false, loader);
        if (isVisible(type)) {
          dump.append(new Block(type).text()).append('\n');
        }
      }
    }
    return dump.toString();
  }

  private static Set<String> exportedClassNames(Path classes) throws IOException {
    Path moduleInfo = classes.resolve("module-info.class");
    Set<String> packages = Files.exists(moduleInfo) ? exportedPackages(moduleInfo) : null;
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .map(file -> classes.relativize(file).toString().replaceAll("[/\\\\]", "."))
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .filter(
              name ->
                  packages == null // a module without a descriptor exports everything
                      || packages.contains(name.substring(0, name.lastIndexOf('.'))))
          .collect(TreeSet::new, Set::add, Set::addAll);
    }
  }

  private static Set<String> exportedPackages(Path moduleInfo) throws IOException {
    Set<String> packages = new TreeSet<>();
    try (InputStream in = Files.newInputStream(moduleInfo)) {
      for (ModuleDescriptor.Exports exports : ModuleDescriptor.read(in).exports()) {
        if (!exports.isQualified()) {
          packages.add(exports.source());
        }
      }
    }
    return packages;
  }

  private static String difference(String expected, String actual) {
    List<String> gone = new ArrayList<>(expected.lines().toList());
    List<String> added = new ArrayList<>(actual.lines().toList());
    actual.lines().forEach(gone::remove);
    expected.lines().forEach(added::remove);
    return Stream.concat(gone.stream().map("- "::concat), added.stream().map("+ "::concat))
        .collect(joining("\n"));
  }

  private static boolean isVisible(Class<?> type) {
    return isVisible(type.getModifiers())
        && !type.isAnonymousClass()
        && !type.isLocalClass()
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  /** One type: a line that declares it, then its members by name. */
  private static final class Block {
    private final Class<?> type;
    private final TreeMap<String, String> members = new TreeMap<>();

    Block(Class<?> type) {
      this.type = type;
    }

    String text() {
      for (Field field : type.getDeclaredFields()) {
        add("1" + field.getName(), field, field(field));
      }
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (!type.isRecord()) {
          add("2", constructor, "new" + parameters(constructor));
        }
      }
      for (Class<?> c = type; c != null && (c == type || !isVisible(c)); c = c.getSuperclass()) {
        for (Method method : c.getDeclaredMethods()) {
          if (!isImplied(method)) {
            add("3" + method.getName(), method, method(method));
          }
        }
      }
      StringBuilder text = new StringBuilder(declaration()).append('\n');
      members.values().forEach(line -> text.append("  ").append(line).append('\n'));
      return text.toString();
    }

    private <M extends Member & AnnotatedElement> void add(String order, M member, String line) {
      if (isVisible(member.getModifiers()) && !member.isSynthetic()) {
        String text = deprecated(member) + line;
        members.put(order + " " + text, text);
      }
    }

    /** Whether the declaration of the type already says that there is such a method. */
    private boolean isImplied(Method method) {
      boolean component =
          type.isRecord()
              && method.getParameterCount() == 0
              && Arrays.stream(type.getRecordComponents())
                  .anyMatch(c -> c.getName().equals(method.getName()));
      boolean ofEnum = type.isEnum() && Set.of("values", "valueOf").contains(method.getName());
      return component || ofEnum || OBJECT_METHODS.contains(method.getName());
    }

    private String declaration() {
      StringBuilder line = new StringBuilder(deprecated(type));
      if (!type.isEnum() && !type.isRecord()) {
        line.append(modifiers(type.getModifiers(), type.isInterface()));
      }
      line.append(type.isSealed() ? "sealed " : "").append(kind()).append(' ');
      line.append(type.getName().replace('$', '.')).append(variables(type.getTypeParameters()));
      if (type.isRecord()) {
        line.append(
            Arrays.stream(type.getRecordComponents())
                .map(c -> name(c.getAnnotatedType()) + " " + c.getName())
                .collect(joining(", ", "(", ")")));
      }
      AnnotatedType parent = type.getAnnotatedSuperclass();
      if (parent != null && !Set.of(Object.class, Record.class).contains(raw(parent))) {
        line.append(type.isEnum() ? "" : " extends " + name(parent));
      }
      line.append(list(type.isInterface() ? " extends " : " implements ", interfaces()));
      if (type.isSealed()) {
        line.append(
            list(" permits ", Arrays.stream(type.getPermittedSubclasses()).map(this::name)));
      }
      return line.toString();
    }

    private Stream<String> interfaces() {
      return Arrays.stream(type.getAnnotatedInterfaces()).map(this::name);
    }

    private String kind() {
      if (type.isAnnotation()) {
        return "@interface";
      }
      return type.isInterface()
          ? "interface"
          : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    }

    private String field(Field field) {
      return field.isEnumConstant()
          ? field.getName()
          : modifiers(field.getModifiers(), false)
              + name(field.getAnnotatedType())
              + " "
              + field.getName();
    }

    private String method(Method method) {
      String variables = variables(method.getTypeParameters());
      return (method.isDefault() ? "default " : "")
          + modifiers(method.getModifiers(), method.getDeclaringClass().isInterface())
          + (variables.isEmpty() ? "" : variables + " ")
          + name(method.getAnnotatedReturnType())
          + " "
          + method.getName()
          + parameters(method);
    }

    private String parameters(Executable executable) {
      String parameters =
          Arrays.stream(executable.getAnnotatedParameterTypes())
              .map(this::name)
              .collect(joining(", ", "(", ")"));
      if (executable.isVarArgs()) {
        parameters = parameters.replaceFirst("\\[]\\)$", "...)");
      }
      Stream<String> thrown =
          Arrays.stream(executable.getAnnotatedExceptionTypes()).map(this::name).sorted();
      return parameters + list(" throws ", thrown);
    }

    private String variables(TypeVariable<?>[] variables) {
      if (variables.length == 0) {
        return "";
      }
      return Arrays.stream(variables)
          .map(v -> v.getName() + list(" extends ", " & ", bounds(v.getAnnotatedBounds())))
          .collect(joining(", ", "<", ">"));
    }

    private Stream<String> bounds(AnnotatedType... bounds) {
      return Arrays.stream(bounds).map(this::name).filter(name -> !name.equals("Object"));
    }

    private String name(AnnotatedType type) {
      boolean nullable =
          Arrays.stream(type.getAnnotations())
              .anyMatch(a -> a.annotationType().getSimpleName().equals("Nullable"));
      if (type instanceof AnnotatedArrayType array) {
        return name(array.getAnnotatedGenericComponentType()) + (nullable ? " @Nullable []" : "[]");
      }
      return (nullable ? "@Nullable " : "") + plainName(type);
    }

    private String plainName(AnnotatedType type) {
      if (type instanceof AnnotatedWildcardType wildcard) {
        return "?"
            + list(" super ", bounds(wildcard.getAnnotatedLowerBounds()))
            + list(" extends ", bounds(wildcard.getAnnotatedUpperBounds()));
      }
      if (type instanceof AnnotatedTypeVariable) {
        return type.getType().getTypeName();
      }
      String arguments =
          type instanceof AnnotatedParameterizedType parameterized
              ? Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
                  .map(this::name)
                  .collect(joining(", ", "<", ">"))
              : "";
      return name(raw(type)) + arguments;
    }

    private String name(Class<?> named) {
      String home = named.getPackageName();
      String name = named.getCanonicalName();
      boolean near = home.equals(type.getPackageName()) || WELL_KNOWN.contains(home);
      return near && !named.isPrimitive() ? name.substring(home.length() + 1) : name;
    }

    private static Class<?> raw(AnnotatedType annotated) {
      Type type = annotated.getType();
      return (Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type);
    }

    private static String modifiers(int modifiers, boolean ofInterface) {
      int shown = Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;
      int implied = ofInterface ? Modifier.ABSTRACT : 0;
      String text = Modifier.toString(modifiers & shown & ~implied);
      return text.isEmpty() ? "" : text + " ";
    }

    private static String deprecated(AnnotatedElement element) {
      return element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "";
    }

    private static String list(String prefix, Stream<String> names) {
      return list(prefix, ", ", names);
    }

    private static String list(String prefix, String separator, Stream<String> names) {
      String joined = names.collect(joining(separator));
      return joined.isEmpty() ? "" : prefix + joined;
    }
  }
}
