package dev.candor.client;

import dev.candor.dictionary.Finding;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.MessageWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A ping as it is collected: each source writes its part into a spool file, one that fails leaves
 * nothing behind. Memory does not grow with the ping.
 */
final class Draft implements AutoCloseable {
  /** A source and its name. */
  record Named(String name, Source source) {}

  private static final String ID = "id";
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final int MAX_FINDINGS = 100;
  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final FileChannel spool;
  private final MessageType type;
  private final Budget budget;
  private final LongSupplier nanos;
  private final ConcurrentMap<String, Thread> running;
  private final List<Fragment> parts = new ArrayList<>();
  private final List<SourceOutcome> outcomes = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, String> writtenBy = new HashMap<>();
  private Optional<String> id = Optional.empty();
  private long end;

  private Draft(
      Path file,
      FileChannel spool,
      MessageType type,
      Budget budget,
      LongSupplier nanos,
      ConcurrentMap<String, Thread> running) {
    this.file = file;
    this.spool = spool;
    this.type = type;
    this.budget = budget;
    this.nanos = nanos;
    this.running = running;
  }

  /**
   * Collects a ping.
   *
   * @param file the spool file, made here and gone with {@link #close}
   * @param running threads of sources that outlived their time, by name
   */
  static Draft collect(
      Path file,
      MessageType type,
      Identity identity,
      List<Named> sources,
      Budget budget,
      LongSupplier nanos,
      ConcurrentMap<String, Thread> running)
      throws IOException, InterruptedException {
    FileChannel spool =
        StateFiles.create(file, StandardOpenOption.READ, StandardOpenOption.TRUNCATE_EXISTING);
    Draft draft = new Draft(file, spool, type, budget, nanos, running);
    try {
      draft.run(new Named(ID, (out, meter) -> out.put(type.id(), identity.id(meter))));
      for (Named source : sources) {
        draft.run(source);
      }
      return draft;
    } catch (InterruptedException | RuntimeException e) {
      draft.close();
      throw e;
    }
  }

  /** One source at work on its own thread. */
  private static final class Work implements Runnable {
    private final Source source;
    private final MessageWriter out;
    private final Meter meter;
    private volatile @Nullable Throwable failure;

    Work(Source source, MessageWriter out, Meter meter) {
      this.source = source;
      this.out = out;
      this.meter = meter;
    }

    @Override
    public void run() {
      try {
        source.collect(out, meter);
        out.close();
      } catch (Throwable e) { // whatever breaks in a source stays in it
        failure = e;
      }
    }
  }

  private void run(Named named) throws InterruptedException {
    Thread former = running.get(named.name());
    if (former != null && former.isAlive()) {
      String detail = "it has not come back from an earlier ping";
      outcomes.add(
          new SourceOutcome(
              named.name(), Optional.of(Omission.TIMEOUT), detail, Duration.ZERO, 0, 0));
      return;
    }
    Fragment part = new Fragment(spool, end, Math.min(budget.bytes(), mostLeft()));
    Meter meter = new Meter(budget, nanos);
    MessageWriter out = new MessageWriter(part, type, MAX_FINDINGS);
    Work work = new Work(named.source(), out, meter);
    Thread thread = Threads.daemon("candor-source-" + named.name(), work);
    running.put(named.name(), thread);
    boolean over;
    try {
      thread.start();
      over = !finished(thread);
    } catch (InterruptedException e) {
      thread.interrupt();
      part.cut();
      throw e;
    }
    part.cut();
    settle(named.name(), part, meter, out, over, work.failure);
  }

  private boolean finished(Thread thread) throws InterruptedException {
    thread.join(budget.time().toMillis());
    if (!thread.isAlive()) {
      return true;
    }
    thread.interrupt();
    thread.join(GRACE.toMillis());
    return false;
  }

  private long mostLeft() {
    return Limits.DEFAULT.maxBytes() - end - 2;
  }

  private void settle(
      String name,
      Fragment part,
      Meter meter,
      MessageWriter out,
      boolean over,
      @Nullable Throwable failure) {
    Optional<Omission> omitted = Optional.empty();
    String detail = "";
    if (over) {
      omitted = Optional.of(Omission.TIMEOUT);
      detail = "not done within " + budget.time().toSeconds() + " s";
    } else if (part.over()) {
      omitted = Optional.of(Omission.FAILED);
      detail = "more than " + budget.bytes() + " bytes";
    } else if (failure != null) {
      omitted = Optional.of(reason(failure));
      detail = words(failure);
    } else {
      for (String member : out.members()) {
        String other = writtenBy.get(member);
        if (other != null) {
          omitted = Optional.of(Omission.FAILED);
          detail = "member \"" + member + "\" is already written by the source " + other;
        }
      }
    }
    outcomes.add(
        new SourceOutcome(name, omitted, detail, meter.took(), meter.rows(), part.length()));
    if (omitted.isPresent()) {
      return;
    }
    out.members().forEach(member -> writtenBy.put(member, name));
    findings.addAll(out.findings());
    if (name.equals(ID)) {
      id = out.id();
    }
    if (!out.members().isEmpty()) {
      parts.add(part);
      end += part.length();
    }
  }

  private static Omission reason(Throwable failure) {
    if (failure instanceof SourceException known) {
      return known.reason();
    }
    if (failure instanceof AccessDeniedException || failure instanceof SecurityException) {
      return Omission.DENIED;
    }
    return failure instanceof InterruptedException ? Omission.TIMEOUT : Omission.FAILED;
  }

  /** Only a source's own words are shown: another exception's might hold a value. */
  private static String words(Throwable failure) {
    return failure instanceof SourceException
        ? String.valueOf(failure.getMessage())
        : failure.getClass().getName();
  }

  /** The instance's id; without it there is no ping. */
  Optional<String> id() {
    return id;
  }

  List<SourceOutcome> outcomes() {
    return outcomes;
  }

  List<Finding> findings() {
    return findings;
  }

  /** Writes the ping: one JSON object on one line. */
  void writeTo(OutputStream out) throws IOException {
    out.write('{');
    boolean first = true;
    for (Fragment part : parts) {
      if (!first) {
        out.write(',');
      }
      first = false;
      // Each part is an object of its own: its brackets stay behind.
      copy(part.start() + 1, part.start() + part.length() - 1, out);
    }
    out.write('}');
  }

  private void copy(long from, long to, OutputStream out) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long at = from;
    while (at < to) {
      chunk.clear().limit((int) Math.min(CHUNK, to - at));
      int read = spool.read(chunk, at);
      if (read < 0) {
        throw new IOException("the spool file was cut short");
      }
      out.write(chunk.array(), 0, read);
      at += read;
    }
  }

  @Override
  public void close() throws IOException {
    spool.close();
    Files.deleteIfExists(file);
  }
}
