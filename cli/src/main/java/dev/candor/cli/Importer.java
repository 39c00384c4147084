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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
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
  private static final Pattern ONE =
      Pattern.compile(".*\\.json(\\.gz)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

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
  private final AtomicLong unread = new AtomicLong();

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

  /** Whether each message of each file was kept. */
  boolean keptAll() {
    return refused.get() + unread.get() == 0;
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
    ImportLog.Mark mark;
    try {
      mark = log.mark(file);
    } catch (IOException e) {
      unread(file.toString(), why(e));
      return;
    }
    boolean one = ONE.matcher(file.toString()).matches();
    try (InputStream raw = new Counted(Files.newInputStream(file), progress)) {
      read(raw, file.toString(), one, Optional.of(mark));
    }
  }

  /** Imports what comes in, one message a line. */
  void read(InputStream in) throws IOException {
    read(in, "stdin", false, Optional.empty());
  }

  private void read(InputStream raw, String name, boolean one, Optional<ImportLog.Mark> mark)
      throws IOException {
    Reading reading = new Reading(name, mark);
    try {
      InputStream in = Lines.withoutMark(Lines.inflating(new BufferedInputStream(raw)));
      reading.all(one ? new Whole(in) : new Lines(in, Limits.DEFAULT.maxBytes())::next);
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      unread(name, why(e));
    }
  }

  /** Gives the messages of a file one after the other. */
  @FunctionalInterface
  private interface Messages {
    Optional<byte[]> next() throws IOException;
  }

  /** A file that is one message. */
  private static final class Whole implements Messages {
    private final InputStream in;
    private boolean read;

    Whole(InputStream in) {
      this.in = in;
    }

    @Override
    public Optional<byte[]> next() throws IOException {
      if (read) {
        return Optional.empty();
      }
      read = true;
      return Optional.of(in.readNBytes(Limits.DEFAULT.maxBytes() + 1));
    }
  }

  /** One message of a file, and the line on which it begins. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Line(byte[] text, long number) {}

  /** How far a file is read. */
  private final class Reading {
    private final String name;
    private final Optional<ImportLog.Mark> mark;
    private final Set<Long> open = new ConcurrentSkipListSet<>();
    private List<Line> some = new ArrayList<>();
    private long bytes;
    private long number;
    private int portions;

    Reading(String name, Optional<ImportLog.Mark> mark) {
      this.name = name;
      this.mark = mark;
    }

    void all(Messages messages) throws IOException {
      boolean any = false;
      for (Optional<byte[]> next = next(messages); next.isPresent(); next = next(messages)) {
        number++;
        byte[] text = next.get();
        if (isBlank(text)) {
          continue;
        }
        any = true;
        if (mark.isPresent() && mark.get().isDone(number)) {
          skipped.incrementAndGet();
          continue;
        }
        some.add(new Line(text, number));
        bytes += text.length;
        if (some.size() == PORTION_LINES || bytes >= PORTION_BYTES) {
          file();
          if (++portions % NOTE_EVERY == 0) {
            note();
          }
        }
      }
      file();
      note();
      if (!any) {
        unread(name, "it holds no message");
      }
    }

    /** The next message; what went before is filed if it cannot be read. */
    private Optional<byte[]> next(Messages messages) throws IOException {
      try {
        return messages.next();
      } catch (IOException e) {
        file();
        note();
        unread(name + ":" + (number + 1), "nothing from here on is read: " + why(e));
        return Optional.empty();
      }
    }

    private void file() throws IOException {
      List<Line> lines = some;
      some = new ArrayList<>();
      bytes = 0;
      filing.file(portion -> lines.forEach(line -> one(line, portion)));
    }

    private void note() throws IOException {
      filing.settle();
      if (mark.isPresent()) {
        // Lines that are open from before and were not come to yet stay so.
        Set<Long> left = new TreeSet<>(open);
        mark.get().open().stream().filter(line -> line > number).forEach(left::add);
        log.note(mark.get(), Math.max(number, mark.get().lines()), left);
      }
    }

    private void one(Line line, Filing.Portion portion) {
      try {
        Envelope envelope = Envelope.open(line.text());
        Sifted sifted =
            portion.add(
                envelope.body(),
                types.of(dictionary, envelope),
                envelope.received(clock),
                envelope.agent(),
                envelope.received().isPresent()
                    ? Filing.Same.TIME_AND_CONTENT
                    : Filing.Same.CONTENT);
        switch (sifted) {
          case Sifted.Kept kept when kept.findings().stream().anyMatch(f -> f.reason().drops()) -> {
            trimmed.incrementAndGet();
            open.add(line.number());
          }
          case Sifted.Kept kept -> whole.incrementAndGet();
          case Sifted.Refused why -> {
            Finding first = why.findings().getFirst();
            int[] place = envelope.place(line.text(), first);
            refuse(line, Math.max(1, place[0]), text(first, place[1]));
          }
        }
      } catch (IllegalArgumentException e) {
        refuse(line, 1, Printable.of(String.valueOf(e.getMessage())));
      }
    }

    /**
     * Says that a message is not kept.
     *
     * @param within the line of it that is why, from 1
     */
    private void refuse(Line line, int within, String why) {
      open.add(line.number());
      synchronized (Importer.this) {
        long shown = refused.incrementAndGet();
        if (shown <= MOST_SHOWN) {
          err.println(name + ":" + (line.number() + within - 1) + ": refused: " + why);
        } else if (shown == MOST_SHOWN + 1) {
          err.println("further refusals are counted only");
        }
      }
    }
  }

  private static boolean isBlank(byte[] text) {
    for (byte b : text) {
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return false;
      }
    }
    return true;
  }

  private static String text(Finding finding, int column) {
    String where = finding.column() > 0 ? "column " + column + ": " : "";
    String place = finding.pointer().isEmpty() ? "" : Printable.of(finding.pointer()) + ": ";
    return where + place + finding.expected();
  }

  /** Says of a file, or of its rest, that it is not read. */
  synchronized void unread(String place, String why) {
    unread.incrementAndGet();
    err.println(place + ": not read: " + why);
  }

  private static String why(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "not allowed"
        : String.valueOf(e.getMessage());
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
