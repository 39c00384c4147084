package dev.candor.cli;

import dev.candor.collector.Receipt;
import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import dev.candor.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages that did not come over HTTP through the sieve and into the store, in portions: each
 * is sifted on a core of its own, and what is left of it becomes durable with one sync.
 */
final class Filing implements AutoCloseable {
  /** Pseudonyms to remember, for the same instances come again day by day. */
  static final int REMEMBERED = 1 << 18;

  private final Dictionary dictionary;
  private final Sieve sieve;
  private final Store store;
  private final int atOnce = Runtime.getRuntime().availableProcessors() + 1;
  private final Semaphore room = new Semaphore(atOnce);
  private final ExecutorService workers = Executors.newFixedThreadPool(atOnce);
  private final AtomicReference<@Nullable IOException> broken = new AtomicReference<>();

  Filing(Dictionary dictionary, Sieve sieve, Store store) {
    this.dictionary = dictionary;
    this.sieve = sieve;
    this.store = store;
    store.importing(true);
  }

  /** What two messages must have alike to be the same one. */
  enum Same {
    /** They never are. */
    NONE,
    /** What is kept of them. */
    CONTENT,
    /** Their time of receipt too. */
    TIME_AND_CONTENT
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** What is kept of one portion. */
  final class Portion {
    private final Map<String, List<byte[]>> lines = new TreeMap<>();

    private Portion() {}

    /**
     * Sifts one message and takes what is left of it.
     *
     * @param same what the same message is told by, so that a second import of it counts once
     */
    Sifted add(byte[] body, MessageType type, Instant received, Optional<String> agent, Same same) {
      Sifted sifted = sieve.sift(body, type);
      if (sifted instanceof Sifted.Kept kept) {
        Receipt receipt = Receipt.of(received, agent.orElse(null), null);
        Map<String, String> members = receipt.members(kept.type());
        if (same != Same.NONE) {
          String time = same == Same.TIME_AND_CONTENT ? members.getOrDefault("_received", "") : "";
          members.put("_import", hash(kept.with(Map.of("_received", time))));
        }
        lines.computeIfAbsent(kept.type().name(), _ -> new ArrayList<>()).add(kept.with(members));
      }
      return sifted;
    }

    private void keep() throws IOException {
      for (Map.Entry<String, List<byte[]>> some : lines.entrySet()) {
        store.append(dictionary, dictionary.message(some.getKey()), some.getValue());
      }
    }
  }

  /** Adds a portion's messages to it. */
  @FunctionalInterface
  interface Messages {
    void into(Portion portion);
  }

  /** Files a portion on another thread; waits while enough are being filed. */
  void file(Messages messages) throws IOException {
    room.acquireUninterruptibly();
    check();
    workers.execute(
        () -> {
          try {
            Portion portion = new Portion();
            messages.into(portion);
            portion.keep();
          } catch (IOException e) {
            broken.compareAndSet(null, e);
          } catch (UncheckedIOException e) {
            broken.compareAndSet(null, e.getCause());
          } catch (RuntimeException e) {
            broken.compareAndSet(null, new IOException("a portion could not be filed", e));
          } finally {
            room.release();
          }
        });
  }

  /** Waits until all portions are durable. */
  void settle() throws IOException {
    room.acquireUninterruptibly(atOnce);
    room.release(atOnce);
    check();
  }

  private void check() throws IOException {
    IOException failure = broken.get();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    workers.close();
    store.importing(false);
  }
}
