package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Finding;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.Sifted;
import dev.candor.store.ReceiptClock;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;

/**
 * Reads files of messages and files them in portions; every so often it waits for all of them and
 * notes how far it came.
 */
final class Importer {
  private static final int PORTION_LINES = 1024;
  private static final int PORTION_BYTES = 4 << 20;
  private static final int NOTE_EVERY = 16;
  private static final int MOST_SHOWN = 20;

  private final Dictionary dictionary;
  private final MessageTypes types;
  private final Filing filing;
  private final ImportLog log;
  private final ReceiptClock clock;
  private final PrintWriter err;
  private final AtomicLong whole = new AtomicLong();
  private final AtomicLong trimmed = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();

  Importer(
      Dictionary dictionary,
      MessageTypes types,
      Filing filing,
      ImportLog log,
      ReceiptClock clock,
      PrintWriter err) {
    this.dictionary = dictionary;
    this.types = types;
    this.filing = filing;
    this.log = log;
    this.clock = clock;
    this.err = err;
  }

  long refused() {
    return refused.get();
  }

  String summary(int files) {
    StringBuilder text = new StringBuilder();
    text.append(files).append(files == 1 ? " file: " : " files: ");
    text.append(whole.get() + trimmed.get()).append(" messages kept");
    if (trimmed.get() > 0) {
      text.append(" (").append(trimmed.get()).append(" without a part)");
    }
    if (refused.get() > 0) {
      text.append(", ").append(refused.get()).append(" refused");
    }
    if (skipped.get() > 0) {
      text.append(", ").append(skipped.get()).append(" imported before");
    }
    return text.toString();
  }

  /** Imports a file; the progress moves by the bytes read of it. */
  void read(Path file, ProgressBar progress) throws IOException {
    ImportLog.Mark mark = log.mark(file);
    try (InputStream raw = new Counted(Files.newInputStream(file), progress);
        InputStream in = Lines.inflating(new BufferedInputStream(raw))) {
      if (file.getFileName().toString().matches(".*\\.json(\\.gz)?")) {
        if (mark.lines() == 0) {
          byte[] all = in.readNBytes(Limits.DEFAULT.maxBytes() + 1);
          filing.file(portion -> one(all, file, 1, portion));
          filing.settle();
          log.note(mark, 1);
        } else {
          skipped.incrementAndGet();
        }
      } else {
        lines(new Lines(in, Limits.DEFAULT.maxBytes()), file, mark);
      }
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      refused.incrementAndGet();
      err.println(file + ": " + e.getMessage());
    }
  }

  /** One line of a file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Line(byte[] text, long number) {}

  private void lines(Lines lines, Path file, ImportLog.Mark mark) throws IOException {
    List<Line> some = new ArrayList<>();
    long bytes = 0;
    long number = 0;
    int portions = 0;
    for (Optional<byte[]> next = lines.next(); next.isPresent(); next = lines.next()) {
      number++;
      byte[] text = next.get();
      if (number <= mark.lines()) {
        skipped.incrementAndGet();
      } else if (text.length > 0) {
        some.add(new Line(text, number));
        bytes += text.length;
      }
      if (some.size() == PORTION_LINES || bytes >= PORTION_BYTES) {
        file(some, file);
        some = new ArrayList<>();
        bytes = 0;
        if (++portions % NOTE_EVERY == 0) {
          filing.settle();
          log.note(mark, number);
        }
      }
    }
    file(some, file);
    filing.settle();
    log.note(mark, number);
  }

  private void file(List<Line> lines, Path file) throws IOException {
    filing.file(portion -> lines.forEach(line -> one(line.text(), file, line.number(), portion)));
  }

  private void one(byte[] line, Path file, long number, Filing.Portion portion) {
    try {
      Optional<String> key = Optional.of(key(line));
      Envelope envelope = Envelope.open(line);
      Sifted sifted =
          portion.add(
              envelope.body(),
              types.of(dictionary, envelope),
              envelope.received(clock),
              envelope.agent(),
              key);
      switch (sifted) {
        case Sifted.Kept kept ->
            (kept.findings().stream().anyMatch(f -> f.reason().drops()) ? trimmed : whole)
                .incrementAndGet();
        case Sifted.Refused why -> refuse(file, number, text(why.findings().getFirst()));
      }
    } catch (IllegalArgumentException e) {
      refuse(file, number, Printable.of(String.valueOf(e.getMessage())));
    }
  }

  private static String text(Finding finding) {
    String column = finding.column() > 0 ? finding.column() + ": " : "";
    String place = finding.pointer().isEmpty() ? "" : Printable.of(finding.pointer()) + ": ";
    return column + place + finding.expected();
  }

  private synchronized void refuse(Path file, long number, String why) {
    long shown = refused.incrementAndGet();
    if (shown <= MOST_SHOWN) {
      err.println(file + ":" + number + ": refused: " + why);
    } else if (shown == MOST_SHOWN + 1) {
      err.println("further refusals are counted only");
    }
  }

  private static String key(byte[] line) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(line);
      return HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** Tells a progress bar of each byte read. */
  private static final class Counted extends FilterInputStream {
    private final ProgressBar progress;

    Counted(InputStream in, ProgressBar progress) {
      super(in);
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      progress.stepBy(read >= 0 ? 1 : 0);
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      progress.stepBy(Math.max(0, read));
      return read;
    }
  }
}
