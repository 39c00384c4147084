package dev.candor.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * The journal under many writers, and a plain file that is written and synced in as large batches.
 * In this package because the journal is the store's own.
 */
@State(Scope.Benchmark)
public class JournalBenchmark {
  private static final int WRITERS = 64;
  private static final long LARGEST = 256 << 20;

  /** Bytes of a line. */
  @Param("8192")
  public int size;

  private final Clock clock = Clock.systemUTC();
  private byte[] line = new byte[0];
  private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // by the set-up
  private Journal journal;

  @SuppressWarnings("NullAway.Init")
  private FileChannel file;

  /** Makes both. */
  @Setup
  public void open() throws IOException {
    line = new byte[size];
    Arrays.fill(line, (byte) 'x');
    folder = Files.createTempDirectory("candor-journal-");
    journal = Journal.open(folder.resolve("journal"), 0, clock);
    file =
        FileChannel.open(
            folder.resolve("file"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Ours, from virtual threads as the receiver has them. Nothing is loaded from it. */
  @Benchmark
  @Threads(WRITERS)
  @Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
  public void journal() throws IOException {
    journal.append(line);
  }

  /** As many lines with each sync as there are writers. */
  @Benchmark
  @OperationsPerInvocation(WRITERS)
  public void file() throws IOException {
    for (int i = 0; i < WRITERS; i++) {
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
    file.force(false);
    if (file.position() > LARGEST) {
      file.position(0);
    }
  }

  /** Deletes both. */
  @TearDown
  public void close() throws IOException {
    journal.close();
    file.close();
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      Files.delete(one);
    }
  }
}
