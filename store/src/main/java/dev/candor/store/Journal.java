package dev.candor.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One stream of lines, kept in numbered segment files. A line is acknowledged once it is on the
 * disk; lines that arrive while the disk is busy share the next sync, which waits for a moment when
 * many came the last time. One thread writes them all.
 */
final class Journal implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.candor.store");
  private static final long SEGMENT_BYTES = 64 << 20;
  private static final int MAX_WAITING = 10_000;
  private static final long MAX_WAITING_BYTES = 256 << 20;
  private static final int STAGED_BYTES = 256 << 10;

  /** So long those who came together are waited for to come together again. */
  private static final long GATHER_NANOS = 1_000_000;

  /** A segment that is not full is ended after so long all the same. */
  private static final Duration SEGMENT_AGE = Duration.ofMinutes(1);

  private static final String SUFFIX = ".ndjson";
  private static final String ASIDE_SUFFIX = ".bad";

  /** Numbers beyond that are not this journal's. */
  private static final long LAST = 100_000_000_000_000_000L;

  private static final Pattern NAME = Pattern.compile("[0-9]{12,18}");
  private static final Pattern RECEIVED = Pattern.compile("\"_received\":\"([^\"]{1,40})\"");

  /** Lines that become durable together. */
  private static final class Lines {
    private final List<byte[]> lines;
    private final long bytes;
    private final CompletableFuture<@Nullable Void> durable = new CompletableFuture<>();

    Lines(List<byte[]> lines) {
      this.lines = lines;
      this.bytes = lines.stream().mapToLong(line -> line.length).sum();
    }
  }

  private final Path directory;
  private final Clock clock;
  private final Object queueLock = new Object();
  private final Object fileLock = new Object();
  private final Object asideLock = new Object();
  private final ByteBuffer staged = ByteBuffer.allocateDirect(STAGED_BYTES);
  private final Thread writer;
  private List<Lines> waiting = new ArrayList<>();
  private long waitingBytes;
  private boolean closed;

  /** So many came together the last time. */
  private int expected;

  private @Nullable FileChannel current;
  private @Nullable Path currentFile;
  private long next;
  private long durableSize;
  private Instant begun = Instant.EPOCH;

  /** Where lines were last set aside. */
  private @Nullable Path aside;

  private Journal(Path directory, long first, Clock clock) throws IOException {
    this.directory = PrivateFiles.folder(directory);
    this.clock = clock;
    this.next = first;
    this.writer = Thread.ofPlatform().daemon().name("candor-journal").unstarted(this::keepWriting);
    for (Path segment : segments()) {
      next = Math.max(next, number(segment) + 1);
      dropTornEnd(segment);
    }
    for (Path segment : files(SUFFIX + ASIDE_SUFFIX)) {
      next = Math.max(next, number(segment) + 1); // mended, it may come back under its number
    }
    dropPieces();
    warnOfStrays();
  }

  /** What a crash left of a segment that was loaded in pieces; its lines are in the segment. */
  private void dropPieces() throws IOException {
    for (Path piece : files(SUFFIX + Pieces.SUFFIX)) {
      Files.delete(piece);
    }
  }

  private void warnOfStrays() throws IOException {
    Set<Path> own = new HashSet<>(segments());
    own.addAll(files(SUFFIX + ASIDE_SUFFIX));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(one -> !own.contains(one)).sorted().toList()) {
        LOG.log(
            Level.WARNING,
            "{0} is no segment of this journal and is left alone: nothing loads it",
            String.valueOf(file).replaceAll("\\p{Cntrl}", "?"));
      }
    }
  }

  /**
   * Opens the stream and drops the torn end of what a crash left behind.
   *
   * @param first number of the first new segment: one that was loaded once never comes again
   */
  static Journal open(Path directory, long first, Clock clock) throws IOException {
    Journal journal = new Journal(directory, first, clock);
    journal.writer.start();
    return journal;
  }

  /** Returns once the line is durable. */
  void append(byte[] line) throws IOException {
    append(List.of(line));
  }

  /** Returns once all these lines are durable; if that fails, none of them is kept. */
  void append(List<byte[]> lines) throws IOException {
    Lines mine = new Lines(lines);
    synchronized (queueLock) {
      if (closed) {
        throw new IOException("the journal is closed");
      }
      if (waiting.size() >= MAX_WAITING || waitingBytes + mine.bytes > MAX_WAITING_BYTES) {
        throw new IOException("the journal's queue is full");
      }
      waiting.add(mine);
      waitingBytes += mine.bytes;
      if (waiting.size() == 1 || waiting.size() == expected) {
        queueLock.notifyAll();
      }
    }
    try {
      mine.durable.get();
    } catch (ExecutionException e) {
      throw new IOException("the journal could not be written: " + directory, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the journal", e);
    }
  }

  private void keepWriting() {
    for (List<Lines> batch = next(); !batch.isEmpty(); batch = next()) {
      write(batch);
    }
  }

  /**
   * All that waits, as soon as something does; nothing at the end. Senders that were answered
   * together mostly send again together, but not at the same instant: without a moment's patience
   * every other sync would be for the first of them alone.
   */
  private List<Lines> next() {
    synchronized (queueLock) {
      try {
        while (waiting.isEmpty() && !closed) {
          queueLock.wait();
        }
        long end = System.nanoTime() + GATHER_NANOS;
        long left = GATHER_NANOS;
        while (waiting.size() < expected && !closed && left > 0) {
          TimeUnit.NANOSECONDS.timedWait(queueLock, left);
          left = end - System.nanoTime();
        }
      } catch (InterruptedException e) {
        closed = true; // Nobody does this; if somebody did, lines must not wait for ever.
      }
      List<Lines> batch = waiting;
      waiting = new ArrayList<>();
      waitingBytes = 0;
      expected = batch.size();
      return batch;
    }
  }

  /** Writes them with one sync. */
  private void write(List<Lines> batch) {
    synchronized (fileLock) {
      try {
        FileChannel channel = channel();
        for (Lines some : batch) {
          for (byte[] line : some.lines) {
            stage(channel, line);
          }
        }
        flush(channel);
        channel.force(false);
        durableSize = channel.position();
      } catch (IOException | RuntimeException | Error e) {
        staged.clear();
        takeBack();
        batch.forEach(some -> some.durable.completeExceptionally(e));
        return;
      }
    }
    batch.forEach(some -> some.durable.complete(null));
  }

  /** Small lines go to the file together, large ones in pieces. */
  private void stage(FileChannel channel, byte[] line) throws IOException {
    for (int at = 0; at < line.length; ) {
      int count = Math.min(line.length - at, staged.remaining());
      staged.put(line, at, count);
      at += count;
      if (!staged.hasRemaining()) {
        flush(channel);
      }
    }
    staged.put((byte) '\n');
    if (!staged.hasRemaining()) {
      flush(channel);
    }
  }

  private void flush(FileChannel channel) throws IOException {
    staged.flip();
    while (staged.hasRemaining()) {
      channel.write(staged);
    }
    staged.clear();
  }

  private FileChannel channel() throws IOException {
    FileChannel channel = current;
    if (channel != null
        && durableSize < SEGMENT_BYTES
        && clock.instant().isBefore(begun.plus(SEGMENT_AGE))) {
      return channel;
    }
    seal();
    Path file = fresh();
    channel = PrivateFiles.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    current = channel;
    currentFile = file;
    durableSize = 0;
    begun = clock.instant();
    PrivateFiles.sync(directory);
    return channel;
  }

  /** Under a number that nothing else there has. */
  private Path fresh() {
    Path file = segment(next);
    while (isThere(file) || isThere(aside(file))) {
      next++;
      file = segment(next);
    }
    next++;
    return file;
  }

  private static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static Path aside(Path segment) {
    return segment.resolveSibling(segment.getFileName() + ASIDE_SUFFIX);
  }

  private Path segment(long number) {
    return directory.resolve(String.format(Locale.ROOT, "%012d", number) + SUFFIX);
  }

  /** Cuts what was not acknowledged; if even that fails, the segment ends here. */
  private void takeBack() {
    FileChannel channel = current;
    Path file = currentFile;
    if (channel == null || file == null) {
      return;
    }
    try {
      channel.truncate(durableSize);
      channel.position(durableSize);
    } catch (IOException e) {
      // Where the channel itself has failed, the file can perhaps still be cut.
      current = null;
      cutBack(file, e);
    }
  }

  private void cutBack(Path segment, IOException why) {
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.setLength(durableSize);
    } catch (IOException e) {
      e.addSuppressed(why);
      LOG.log(Level.WARNING, "a journal segment could not be cut back", e);
    }
  }

  private void seal() throws IOException {
    FileChannel channel = current;
    current = null;
    if (channel != null) {
      channel.close();
    }
  }

  /** Ends the segment in use; all segments from here on hold still. */
  List<Path> sealed() throws IOException {
    synchronized (fileLock) {
      seal();
      return segments();
    }
  }

  private List<Path> segments() throws IOException {
    return files(SUFFIX);
  }

  /** The files with a number as this journal writes it and this ending, in their order. */
  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> isNumbered(String.valueOf(file.getFileName()), suffix))
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted(Comparator.comparingLong(Journal::number))
          .toList();
    }
  }

  private static boolean isNumbered(String name, String suffix) {
    if (!name.endsWith(suffix)) {
      return false;
    }
    String digits = name.substring(0, name.length() - suffix.length());
    return NAME.matcher(digits).matches()
        && (digits.length() == 12 || !digits.startsWith("0"))
        && Long.parseLong(digits) <= LAST;
  }

  /**
   * Keeps a line apart that the database will not take: in a file under a number of its own, so
   * that it may come back under it, mended.
   *
   * @return the file
   */
  Path setAside(byte[] line) throws IOException {
    synchronized (asideLock) {
      Path file = aside;
      if (file == null || Files.notExists(file) || Files.size(file) > SEGMENT_BYTES) {
        synchronized (fileLock) {
          file = aside(fresh());
        }
        aside = file;
      }
      try (FileChannel channel =
          PrivateFiles.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND)) {
        ByteBuffer left = ByteBuffer.wrap(Arrays.copyOf(line, line.length + 1));
        left.put(line.length, (byte) '\n');
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      PrivateFiles.sync(directory);
      return file;
    }
  }

  /**
   * Takes the lines out of segments that were set aside that have one of these texts as a value and
   * were received until then. A line that does not tell when it was received goes too.
   *
   * @return how many
   */
  long eraseSetAside(Map<String, Instant> until) throws IOException {
    synchronized (asideLock) {
      long gone = 0;
      for (Path segment : files(SUFFIX + ASIDE_SUFFIX)) {
        gone +=
            keep(
                segment,
                line ->
                    until.entrySet().stream()
                        .noneMatch(
                            one ->
                                line.contains('"' + one.getKey() + '"')
                                    && !received(line)
                                        .orElse(Instant.MIN)
                                        .isAfter(one.getValue())));
      }
      return gone;
    }
  }

  /**
   * Takes the lines out of segments that were set aside that were received before then. One that
   * does not tell when goes with a segment that was not touched since.
   *
   * @return how many
   */
  long retainSetAside(Instant then) throws IOException {
    synchronized (asideLock) {
      long gone = 0;
      for (Path segment : files(SUFFIX + ASIDE_SUFFIX)) {
        boolean old = Files.getLastModifiedTime(segment).toInstant().isBefore(then);
        gone +=
            keep(segment, line -> !received(line).orElse(old ? Instant.MIN : then).isBefore(then));
      }
      return gone;
    }
  }

  private static long keep(Path segment, Predicate<String> wanted) throws IOException {
    // Byte for byte: such a segment may hold anything.
    String text = Files.readString(segment, StandardCharsets.ISO_8859_1);
    List<String> lines = text.lines().toList();
    List<String> left = lines.stream().filter(wanted).toList();
    if (left.size() < lines.size()) {
      String kept = left.isEmpty() ? "" : String.join("\n", left) + "\n";
      PrivateFiles.replace(segment, kept.getBytes(StandardCharsets.ISO_8859_1));
    }
    return lines.size() - left.size();
  }

  private static Optional<Instant> received(String line) {
    Matcher found = RECEIVED.matcher(line);
    try {
      return found.find() ? Optional.of(Instant.parse(found.group(1))) : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** What waits to be loaded. */
  Backlog backlog() throws IOException {
    Backlog all = new Backlog(0, 0, Optional.empty(), files(SUFFIX + ASIDE_SUFFIX).size());
    for (Path segment : segments()) {
      try {
        Instant touched = Files.getLastModifiedTime(segment).toInstant();
        all = all.plus(new Backlog(1, Files.size(segment), Optional.of(touched), 0));
      } catch (NoSuchFileException e) {
        // It was loaded meanwhile.
      }
    }
    return all;
  }

  static long number(Path segment) {
    String name = String.valueOf(segment.getFileName());
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private static void dropTornEnd(Path segment) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      long end = file.length();
      while (end > 0) {
        file.seek(end - 1);
        if (file.read() == '\n') {
          break;
        }
        end--;
      }
      if (end < file.length()) {
        file.setLength(end);
        file.getFD().sync();
      }
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (queueLock) {
      closed = true;
      queueLock.notifyAll();
    }
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (fileLock) {
      seal();
    }
  }
}
