package io.symbolon.oauth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Files that only their owner can read from the moment they exist, and that are whole or absent.
 */
final class PrivateFiles {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final long ORPHAN_AGE_MILLIS = 60_000;

  private PrivateFiles() {}

  static void createDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        createDirectory(parent);
      }
      try {
        Files.createDirectory(directory, attributes(directory, DIRECTORY));
      } catch (FileAlreadyExistsException e) {
        // Another process was faster.
      }
    }
    if (isPosix(directory)) {
      refuseIfOthersMayWrite(directory);
    }
  }

  private static void refuseIfOthersMayWrite(Path directory) throws IOException {
    Set<PosixFilePermission> present = Files.getPosixFilePermissions(directory);
    if (present.contains(PosixFilePermission.GROUP_WRITE)
        || present.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          directory + " may be changed by others than its owner; chmod 700 it, or use another one");
    }
  }

  /** What a process that died in the middle of a write has left. */
  static void removeOrphans(Path directory) throws IOException {
    long now = System.currentTimeMillis();
    try (DirectoryStream<Path> orphans = Files.newDirectoryStream(directory, "*.tmp")) {
      for (Path orphan : orphans) {
        FileTime age = Files.getLastModifiedTime(orphan, LinkOption.NOFOLLOW_LINKS);
        if (now - age.toMillis() > ORPHAN_AGE_MILLIS) {
          Files.deleteIfExists(orphan);
        }
      }
    } catch (NoSuchFileException e) {
      // Another process tidies up as well.
    }
  }

  /** Network and memory-card file systems may lack either, and must not find out at a renewal. */
  static void requireLocksAndMoves(Path directory) throws IOException {
    Path probe = directory.resolve("probe-" + UUID.randomUUID());
    Path temporary = directory.resolve(probe.getFileName() + ".tmp");
    try {
      requireLock(temporary);
      Files.move(
          temporary, probe, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UnsupportedOperationException e) {
      throw new IOException(
          "the file system of "
              + directory
              + " has no locks, or cannot replace a file at once ("
              + e.getMessage()
              + "); keep logins on a local file system",
          e);
    } finally {
      Files.deleteIfExists(temporary);
      Files.deleteIfExists(probe);
    }
  }

  private static void requireLock(Path file) throws IOException {
    try (FileChannel channel = openLock(file)) {
      FileLock lock = channel.tryLock();
      if (lock == null || !lock.isValid()) {
        throw new IOException("the lock of a new file is somebody else's");
      }
    }
  }

  /**
   * What a file holds; made with this content when it is not there, and whoever made it first wins.
   *
   * @throws IOException when others than its owner may read it
   */
  static String readOrCreate(Path file, String content) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      createDirectory(parent);
    }
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    if (!Files.exists(file)) {
      try {
        write(temporary, content);
        Files.createLink(file, temporary);
      } catch (FileAlreadyExistsException e) {
        // Another process was faster.
      } finally {
        Files.deleteIfExists(temporary);
      }
      force(file.resolveSibling("."));
    }
    refuseIfOthersMayRead(file);
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static void refuseIfOthersMayRead(Path file) throws IOException {
    if (isPosix(file) && !FILE.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException(file + " may be used by others than its owner; chmod 600 it");
    }
  }

  /** Whole or not at all, also when the power fails. */
  static void replace(Path file, String content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      write(temporary, content);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    force(file.resolveSibling("."));
  }

  private static void write(Path file, String content) throws IOException {
    Set<OpenOption> options =
        new HashSet<>(Arrays.asList(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    try (FileChannel channel = FileChannel.open(file, options, attributes(file, FILE))) {
      ByteBuffer octets = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
      channel.force(true);
    }
  }

  /** Makes the new name durable; not every system lets a directory be opened, or needs it. */
  private static void force(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows: the move itself is durable there.
    }
  }

  static void putAside(Path file) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + UUID.randomUUID());
    Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    if (isPosix(aside)) {
      Files.setPosixFilePermissions(aside, FILE);
    }
  }

  static FileChannel openLock(Path file) throws IOException {
    Set<OpenOption> options =
        new HashSet<>(Arrays.asList(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    return FileChannel.open(file, options, attributes(file, FILE));
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : Collections.emptyList().toArray(new FileAttribute<?>[0]);
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
