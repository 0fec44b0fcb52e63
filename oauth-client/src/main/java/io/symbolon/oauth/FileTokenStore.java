package io.symbolon.oauth;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Logins in a directory, for all processes of one machine: a sealed file each, which only its owner
 * can read.
 *
 * <pre>{@code
 * TokenStore store = FileTokenStore.open(home.resolve(".reports"), StoreKeys.passphrase(…));
 * }</pre>
 *
 * <p>A file is replaced as a whole (written beside it, forced to disk, moved over it), so that a
 * reader, or a machine that lost its power, has the old one or the new one. A lease is a lock of
 * the operating system, which ends with the process that holds it. A file that cannot be read is
 * reported each time, until a new login takes its place; it is kept beside it then. For a local
 * file system; network file systems often have no locks that hold.
 */
public final class FileTokenStore implements TokenStore {
  private static final String ENTRY = ".token";
  private static final int MAX_OCTETS = 4 << 20;

  /** Locks of the operating system do not exclude threads of one process. */
  private static final Map<Path, ReentrantLock> MUTEXES = new ConcurrentHashMap<>();

  private static final Map<Path, Long> LEASES = new ConcurrentHashMap<>();
  private static final AtomicLong LAST_FENCE = new AtomicLong();

  /** Others hold the lock for one write; who holds it longer stands still. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Path directory;
  private final StoreKeys keys;
  private final Duration patience;

  private FileTokenStore(Path directory, StoreKeys keys, Duration patience) {
    this.directory = directory;
    this.keys = keys;
    this.patience = patience;
  }

  /**
   * Opens a directory, or makes it. What processes that died in the middle of a write have left is
   * removed.
   *
   * @throws IOException when it cannot be used, others than its owner may change it, or its file
   *     system has no locks or cannot replace a file at once
   */
  public static FileTokenStore open(Path directory, StoreKeys keys) throws IOException {
    return open(directory, keys, PATIENCE);
  }

  static FileTokenStore open(Path directory, StoreKeys keys, Duration patience) throws IOException {
    PrivateFiles.createDirectory(directory);
    Path real = directory.toRealPath();
    PrivateFiles.removeOrphans(real);
    PrivateFiles.requireLocksAndMoves(real);
    return new FileTokenStore(real, keys, patience);
  }

  @Override
  public @Nullable StoredTokens load(String key) throws IOException {
    Path file = file(key, ENTRY);
    String content = read(file);
    return content == null ? null : parse(content, key, file);
  }

  private StoredTokens parse(String content, String key, Path file) throws IOException {
    int end = content.indexOf('\n');
    if (end < 0 || !content.substring(0, end).matches("[0-9]{1,18}")) {
      throw new StoreCorruptedException(file.toString(), "it is not an entry of this library");
    }
    long version = Long.parseLong(content.substring(0, end));
    String sealed = content.substring(end + 1).trim();
    return StoredTokens.unseal(sealed, version, keys, key, file.toString());
  }

  private static @Nullable String read(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.size() > MAX_OCTETS) {
        throw new StoreCorruptedException(file.toString(), "it is longer than 4 MiB");
      }
      ByteBuffer octets = ByteBuffer.allocate((int) channel.size());
      while (octets.hasRemaining() && channel.read(octets) >= 0) {
        // A file is short; the loop is for systems that read in pieces.
      }
      return new String(octets.array(), 0, octets.position(), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public @Nullable StoredTokens save(
      String key, StoredTokens tokens, long expectedVersion, long fence) throws IOException {
    return alone(
        key,
        () -> {
          if (!matches(key, expectedVersion, fence)) {
            return null;
          }
          StoredTokens next = tokens.withVersion(expectedVersion + 1);
          String content = next.version() + "\n" + next.seal(keys, key) + "\n";
          PrivateFiles.replace(file(key, ENTRY), content);
          return next;
        });
  }

  @Override
  public boolean delete(String key, long expectedVersion, long fence) throws IOException {
    Boolean deleted =
        alone(
            key,
            () -> matches(key, expectedVersion, fence) && Files.deleteIfExists(file(key, ENTRY)));
    return Boolean.TRUE.equals(deleted);
  }

  private boolean matches(String key, long expectedVersion, long fence) throws IOException {
    if (fence != 0 && !Long.valueOf(fence).equals(LEASES.get(file(key, ".lease")))) {
      return false;
    }
    try {
      StoredTokens present = load(key);
      return (present == null ? 0 : present.version()) == expectedVersion;
    } catch (StoreCorruptedException e) {
      if (expectedVersion != 0) {
        throw e;
      }
      PrivateFiles.putAside(file(key, ENTRY));
      return true;
    }
  }

  private interface Step<T> {
    @Nullable T run() throws IOException;
  }

  /** In this process by a mutex, among processes by a lock on a file that nothing else opens. */
  private <T> @Nullable T alone(String key, Step<T> step) throws IOException {
    Path lockFile = file(key, ".lock");
    ReentrantLock mutex = MUTEXES.computeIfAbsent(lockFile, file -> new ReentrantLock());
    long deadline = System.nanoTime() + patience.toNanos();
    if (!locked(mutex)) {
      throw tooLong(lockFile);
    }
    try (FileChannel channel = PrivateFiles.openLock(lockFile);
        FileLock lock = lock(channel, lockFile, deadline)) {
      return lock.isValid() ? step.run() : null;
    } finally {
      mutex.unlock();
    }
  }

  private boolean locked(ReentrantLock mutex) throws InterruptedIOException {
    try {
      return mutex.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another thread writes the login");
    }
  }

  /** Asks again and again, since the lock of the operating system has no deadline of its own. */
  private static FileLock lock(FileChannel channel, Path lockFile, long deadline)
      throws IOException {
    for (long pause = 1_000; ; pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS)) {
      FileLock lock = lockNow(channel);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - deadline > 0) {
        throw tooLong(lockFile);
      }
      LockSupport.parkNanos(pause);
    }
  }

  private static @Nullable FileLock lockNow(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held in this process by a class of the same name from another class loader.
      return null;
    }
  }

  private static IOException tooLong(Path lockFile) {
    return new IOException(
        "the lock "
            + lockFile
            + " has been held for too long; its holder stands still, and nothing is written"
            + " without the lock");
  }

  @Override
  public @Nullable Lease tryLease(String key, Duration duration) throws IOException {
    Path leaseFile = file(key, ".lease");
    long fence = LAST_FENCE.incrementAndGet();
    if (LEASES.putIfAbsent(leaseFile, fence) != null) {
      return null;
    }
    FileChannel channel = null;
    try {
      channel = PrivateFiles.openLock(leaseFile);
      if (channel.tryLock() != null) {
        return new FileLease(leaseFile, fence, channel);
      }
    } catch (IOException | RuntimeException e) {
      release(leaseFile, fence, channel);
      throw e;
    }
    release(leaseFile, fence, channel);
    return null;
  }

  private static void release(Path leaseFile, long fence, @Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock ends with the descriptor at the latest.
    } finally {
      LEASES.remove(leaseFile, fence);
    }
  }

  private record FileLease(Path leaseFile, long fence, FileChannel channel) implements Lease {
    @Override
    public void close() {
      release(leaseFile, fence, channel);
    }
  }

  /** Keys may hold any character, and may be nobody's business. */
  private Path file(String key, String suffix) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key)));
      String name = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest());
      return directory.resolve(name + suffix);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a key holds half a surrogate pair", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** How many entries there are. */
  public int size() throws IOException {
    int count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + ENTRY)) {
      for (Path entry : entries) {
        count += Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) ? 1 : 0;
      }
    }
    return count;
  }

  /** The directory. */
  @Override
  public String toString() {
    return "token store in " + directory;
  }
}
