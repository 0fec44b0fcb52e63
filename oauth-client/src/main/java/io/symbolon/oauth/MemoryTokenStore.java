package io.symbolon.oauth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for the threads of one process. Bounded: beyond its size the entry that was
 * used longest ago is forgotten, but never one that is being renewed. Nothing leaves the process,
 * so nothing is sealed.
 */
public final class MemoryTokenStore implements TokenStore {
  private static final class Slot {
    @Nullable StoredTokens tokens;
    long version;
    long fence;
    Instant leasedUntil = Instant.MIN;
  }

  private final int maximumSize;
  private final Clock clock;
  private final Map<String, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
  private long lastVersion;
  private long lastFence;

  /**
   * An empty store.
   *
   * @throws IllegalArgumentException when it may not hold a single entry
   */
  public MemoryTokenStore(int maximumSize) {
    this(maximumSize, Clock.systemUTC());
  }

  /** An empty store with a clock of yours. */
  public MemoryTokenStore(int maximumSize, Clock clock) {
    if (maximumSize < 1) {
      throw new IllegalArgumentException("a store holds at least one entry");
    }
    this.maximumSize = maximumSize;
    this.clock = clock;
  }

  @Override
  public synchronized @Nullable StoredTokens load(String key) {
    Slot slot = slots.get(key);
    return slot == null || slot.tokens == null ? null : slot.tokens.withVersion(slot.version);
  }

  @Override
  public synchronized @Nullable StoredTokens save(
      String key, StoredTokens tokens, long expectedVersion, long fence) {
    Slot slot = slots.computeIfAbsent(key, name -> new Slot());
    if (!matches(slot, expectedVersion, fence)) {
      return null;
    }
    slot.tokens = tokens;
    slot.version = ++lastVersion;
    forgetOldest(slot);
    return tokens.withVersion(slot.version);
  }

  @Override
  public synchronized boolean delete(String key, long expectedVersion, long fence) {
    Slot slot = slots.get(key);
    if (slot == null || !matches(slot, expectedVersion, fence)) {
      return false;
    }
    slots.remove(key);
    return true;
  }

  private static boolean matches(Slot slot, long expectedVersion, long fence) {
    long present = slot.tokens == null ? 0 : slot.version;
    return present == expectedVersion && (fence == 0 || fence == slot.fence);
  }

  private void forgetOldest(Slot justSaved) {
    Instant now = clock.instant();
    Iterator<Slot> oldest = slots.values().iterator();
    while (slots.size() > maximumSize && oldest.hasNext()) {
      Slot slot = oldest.next();
      if (!slot.equals(justSaved) && !now.isBefore(slot.leasedUntil)) {
        oldest.remove();
      }
    }
  }

  @Override
  public synchronized @Nullable Lease tryLease(String key, Duration duration) {
    Slot slot = slots.computeIfAbsent(key, name -> new Slot());
    Instant now = clock.instant();
    if (now.isBefore(slot.leasedUntil)) {
      return null;
    }
    slot.leasedUntil = now.plus(duration);
    slot.fence = ++lastFence;
    return new SlotLease(slot, slot.fence);
  }

  private final class SlotLease implements Lease {
    private final Slot slot;
    private final long fence;

    SlotLease(Slot slot, long fence) {
      this.slot = slot;
      this.fence = fence;
    }

    @Override
    public long fence() {
      return fence;
    }

    @Override
    public void close() {
      synchronized (MemoryTokenStore.this) {
        if (slot.fence == fence) {
          slot.leasedUntil = Instant.MIN;
        }
      }
    }
  }

  /** How many entries; no key and no token. */
  @Override
  public synchronized String toString() {
    return "token store in memory, " + slots.size() + " entries";
  }
}
