package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.MessageType;
import java.io.IOException;
import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A data directory: the journal, the tables that it is loaded into, and the answers from them. */
public final class Store implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.candor.store");
  private static final long LOAD_EVERY_MILLIS = 1000;

  /** At full load more often: what has waited while the last load ran is much already. */
  private static final long LOAD_MUCH_EVERY_MILLIS = 500;

  /** With so much to load the cores are busy with what comes in. */
  private static final long MUCH_BYTES = 4 << 20;

  /** How often the loader looks whether much waits; so long others may write between two loads. */
  private static final long LOOK_EVERY_MILLIS = 50;

  /** A ping waits for the load that runs and then for its own; both together stay below 2 s. */
  private static final long LONGEST_LOAD_MILLIS = 650;

  private static final long GIVING_WAY_NANOS = 20_000_000;

  /** So often what could not be made at the start is tried again. */
  private static final Duration CATCH_UP_EVERY = Duration.ofSeconds(30);

  private static final long IMPORT_BYTES = 1 << 30;
  private static final Duration LONGEST_REPORT = Duration.ofMinutes(1);

  private final DirectoryLock lock;
  private final Database database;
  private final Clock clock;
  private final ReceiptClock receipts;
  private final Map<String, List<MessageStream>> streams = new LinkedHashMap<>();
  private final Erasing erasing;
  private final Retaining retaining;
  private final Ahead ahead;
  private final Loader loader;
  private final Object loading = new Object();
  private final Thread loadingThread;
  private final AtomicLong generation = new AtomicLong();
  private final Patience patience = new Patience();
  private final Faults faults = new Faults();
  private final Tallies tallies;
  private final Map<String, Product> withInstances;
  private final Map<Report, Set<String>> filters = new ConcurrentHashMap<>();
  private volatile Lifetime lifetime = Lifetime.DEFAULT;
  private volatile OptedOut.@Nullable Listener listener;
  private volatile boolean optOutsToTell;
  private final AtomicLong arrived = new AtomicLong();
  private volatile long arrivalsUntilGivingWay = Long.MAX_VALUE;
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private volatile Optional<String> trouble = Optional.empty();
  private final Map<String, String> behind = new ConcurrentHashMap<>();
  private Instant lastCaughtUp = Instant.MIN;
  private volatile Instant lastLoad;
  private volatile boolean importing;
  private volatile boolean closed;

  private Store(DirectoryLock lock, Database database, List<Product> products, Clock clock) {
    this.lock = lock;
    this.database = database;
    this.clock = clock;
    this.lastLoad = clock.instant();
    this.receipts = new ReceiptClock(clock);
    this.tallies =
        new Tallies(database, loading, generation, products.stream().map(Product::name).toList());
    this.withInstances =
        products.stream()
            .filter(product -> product.timeline().isPresent())
            .collect(Collectors.toUnmodifiableMap(Product::name, product -> product));
    this.erasing = new Erasing(database, clock);
    this.retaining = new Retaining(database);
    this.ahead = new Ahead(database);
    this.loader = new Loader(database, erasing, clock);
    this.loadingThread =
        Thread.ofPlatform().daemon().name("candor-loader").unstarted(this::keepLoading);
  }

  /**
   * Loads the database's library, which takes a while: for a thread of its own, while whoever will
   * open a store still does other things.
   */
  public static void warmUp() {
    Database.warmUp();
  }

  /**
   * Opens a data directory as {@link #open(Path, List, Lifetime, Clock)} does; messages stay in it
   * for as long as whoever last opened it with a lifetime said, else {@link Lifetime#DEFAULT}.
   */
  public static Store open(Path data, List<Product> products, Clock clock) throws IOException {
    return open(data, products, Optional.empty(), clock);
  }

  /**
   * Opens a data directory, making it if need be: takes its lock, repairs what a crash left, fits
   * the tables to the dictionaries and loads what the journal holds. If that cannot be loaded it
   * opens all the same, {@linkplain #trouble says so} and tries again.
   *
   * @param lifetime how long messages are to stay, from now on; if they are to go when their
   *     instance opts out and were not before, then what is there of such instances goes now
   * @throws IOException if it is in use by another process, cannot be written, or holds a column of
   *     another type than the dictionary's
   */
  public static Store open(Path data, List<Product> products, Lifetime lifetime, Clock clock)
      throws IOException {
    return open(data, products, Optional.of(lifetime), clock);
  }

  private static Store open(
      Path data, List<Product> products, Optional<Lifetime> lifetime, Clock clock)
      throws IOException {
    Path directory = PrivateFiles.folder(data);
    if (PrivateFiles.isOpenToOthers(directory)) {
      LOG.log(
          Level.WARNING,
          "data directory {0} may be read by other users: chmod 700 keeps it to its owner",
          directory);
    }
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      Database database = Database.open(directory);
      Store store = new Store(lock, database, products, clock);
      store.prepare(directory.resolve("journal"), products, lifetime);
      store.loadWhatCanBe();
      store.loadingThread.start();
      return store;
    } catch (SQLException e) {
      lock.close();
      throw new IOException(
          "the store in \"%s\" cannot be opened: %s".formatted(data, Repair.advice(data, e)), e);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void prepare(Path journal, List<Product> products, Optional<Lifetime> wanted)
      throws SQLException, IOException {
    try (Statement sql = database.statement()) {
      Schema.prepare(sql);
      for (Product product : products) {
        List<MessageStream> own = new ArrayList<>();
        for (MessageType type : product.dictionary().messages()) {
          Map<String, ColumnType> columns = Schema.fit(sql, product, type);
          Path folder = journal.resolve(product.name()).resolve(type.name());
          String name = MessageStream.name(product.dictionary(), type);
          Journal lines = Journal.open(folder, after(sql, name), clock);
          own.add(new MessageStream(product, type, columns, lines));
        }
        streams.put(product.name(), List.copyOf(own));
        bringUpToDate(product, own);
      }
      ahead.newest(all()).ifPresent(receipts::seen);
      Optional<Lifetime> before = Schema.lifetime(sql, Optional.empty());
      if (wanted.isPresent()
          && wanted.get().eraseOnOptOut()
          && !before.map(Lifetime::eraseOnOptOut).orElse(false)) {
        eraseOptedOut();
      }
      Schema.lifetime(sql, wanted);
      lifetime = wanted.or(() -> before).orElse(Lifetime.DEFAULT);
    }
  }

  /**
   * A product whose tables for reports cannot be made keeps those that it had: its messages, and
   * the other products, must not suffer from it.
   */
  private void bringUpToDate(Product product, List<MessageStream> own) throws IOException {
    try (Statement sql = database.statement()) {
      Schema.keep(database, product, own);
      Schema.views(sql, product);
      behind.remove(product.name());
    } catch (SQLException e) {
      String why =
          "the tables for reports of %s cannot be brought up to date: %s"
              .formatted(product.name(), Trouble.cause(e));
      behind.put(product.name(), why);
      tell(new IOException(why, e));
    }
  }

  private void catchUp() throws IOException {
    if (!behind.isEmpty() && clock.instant().isAfter(lastCaughtUp.plus(CATCH_UP_EVERY))) {
      lastCaughtUp = clock.instant();
      for (List<MessageStream> own : streams.values()) {
        if (behind.containsKey(own.getFirst().product().name())) {
          bringUpToDate(own.getFirst().product(), own);
        }
      }
    }
  }

  private void eraseOptedOut() throws SQLException, IOException {
    for (List<MessageStream> own : streams.values()) {
      long erased = database.atOnce(sql -> erasing.optedOut(sql, own, 0));
      erasing.note(own.getFirst().product(), erased);
    }
  }

  /** The number after that of every segment that was ever loaded. */
  private static long after(Statement sql, String stream) throws SQLException {
    try (ResultSet rows =
        sql.executeQuery(
            "SELECT coalesce(max(segment) + 1, 0) FROM candor.loaded_segment WHERE stream = "
                + Columns.text(stream))) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /**
   * Keeps a message. Returns once it is durable.
   *
   * @param line one JSON object on one line, as the sieve passed it, with its receipt
   * @throws IOException if it could not be kept: the disk is full, too much waits, or the store is
   *     closed
   */
  public void append(Dictionary dictionary, MessageType type, byte[] line) throws IOException {
    append(dictionary, type, List.of(line));
  }

  /**
   * Keeps many messages with one sync. Returns once all are durable.
   *
   * @param lines each one JSON object on one line, as the sieve passed it, with its receipt
   * @throws IOException as for a single one; none of them is kept then
   */
  public void append(Dictionary dictionary, MessageType type, List<byte[]> lines)
      throws IOException {
    giveWay(lines.size());
    for (MessageStream stream : of(dictionary.product())) {
      if (stream.type().name().equals(type.name())) {
        stream.journal().append(lines);
        return;
      }
    }
    throw new IllegalArgumentException("the store was not opened for " + type.name());
  }

  /**
   * At full load what came would be seen ever later: once more has come since the last load began
   * than the next one can take in time, whoever sends waits a moment.
   */
  private void giveWay(int messages) {
    if (arrived.addAndGet(messages) > arrivalsUntilGivingWay) {
      LockSupport.parkNanos(GIVING_WAY_NANOS);
    }
  }

  private List<MessageStream> of(String product) {
    List<MessageStream> own = streams.get(product);
    if (own == null) {
      throw new IllegalArgumentException("the store was not opened for " + product);
    }
    return own;
  }

  private List<MessageStream> all() {
    return streams.values().stream().flatMap(List::stream).toList();
  }

  /** By which whatever is kept here is to be dated. */
  public ReceiptClock receipts() {
    return receipts;
  }

  /** What failed here and in whatever works on it. */
  public Faults faults() {
    return faults;
  }

  /** How long messages stay. */
  public Lifetime lifetime() {
    return lifetime;
  }

  /**
   * Lets somebody know of instances that opt out, to erase what lies outside of the store: now of
   * those that nobody was told of yet, and of others in the course of {@link #load}.
   *
   * @throws IOException if the listener fails; it is told again then
   */
  public void onOptOut(OptedOut.Listener newListener) throws IOException {
    synchronized (loading) {
      listener = newListener;
      optOutsToTell = true;
      tellOptOuts();
    }
  }

  private void tellOptOuts() throws IOException {
    OptedOut.Listener told = listener;
    if (!optOutsToTell || told == null || !lifetime.eraseOnOptOut()) {
      return;
    }
    try {
      for (List<MessageStream> own : streams.values()) {
        erasing.tell(own, told);
      }
      optOutsToTell = false;
    } catch (SQLException e) {
      throw new IOException("opt-outs could not be looked up: " + e.getMessage(), e);
    }
  }

  /**
   * Loads what the journal holds into the tables.
   *
   * @return how many messages were loaded
   * @throws IOException if the disk or the database fails at one kind of message; those of all
   *     others are loaded, and nothing is lost
   */
  public long load() throws IOException {
    synchronized (loading) {
      IOException failure = null;
      long rows = 0;
      try {
        if (trouble.isPresent()) {
          database.recover();
        }
        catchUp();
      } catch (IOException | SQLException e) {
        failure = first(failure, e);
      }
      for (MessageStream stream : all()) {
        String product = stream.product().name();
        try {
          long more = loader.load(stream, lifetime.eraseOnOptOut() ? of(product) : List.of());
          optOutsToTell |= more > 0 && stream.type().isOptOut();
          rows += more;
        } catch (IOException | RuntimeException e) {
          failure = first(failure, e);
        }
      }
      if (rows > 0) {
        generation.incrementAndGet();
      }
      try {
        datedByNow();
        tellOptOuts();
      } catch (IOException e) {
        failure = first(failure, e);
      }
      if (failure != null) {
        trouble = Optional.of(sentence(failure));
        throw failure;
      }
      trouble = Optional.empty();
      lastLoad = clock.instant();
      return rows;
    }
  }

  private static IOException first(@Nullable IOException before, Exception e) {
    if (before != null) {
      before.addSuppressed(e);
      return before;
    }
    return e instanceof IOException io
        ? io
        : new IOException("messages cannot be loaded: " + e.getClass().getName(), e);
  }

  private static String sentence(Throwable failure) {
    return "messages are kept, but cannot be loaded: " + Trouble.cause(failure);
  }

  /** Loads what can be; the loader's thread goes on trying the rest. */
  private void loadWhatCanBe() {
    try {
      load();
    } catch (IOException e) {
      tell(e);
    }
  }

  /**
   * Why reports do not see what was received, in words that hold nothing of it; empty if they do.
   */
  public Optional<String> trouble() {
    return trouble.or(() -> behind.values().stream().findFirst());
  }

  /** When all that had been received was last loaded. */
  public Instant lastLoad() {
    return lastLoad;
  }

  /** How many messages could not be loaded and were set aside since this was opened. */
  public long setAside() {
    return loader.setAside();
  }

  /** Nothing was received later than now, whatever a clock that ran ahead has said. */
  private void datedByNow() throws IOException {
    Instant now = receipts.instant();
    Instant to = receipts.takeStep().orElse(now);
    try {
      Instant limit = now.plus(ReceiptClock.SMALL);
      boolean back = ahead.newest(all()).filter(newest -> newest.isAfter(limit)).isPresent();
      long moved = 0;
      for (List<MessageStream> own : streams.values()) {
        Database.Work<Long> forget =
            sql -> lifetime.eraseOnOptOut() ? erasing.optedOut(sql, own, 0) : 0L;
        moved += back ? ahead.setBack(own, limit, to, forget) : ahead.giveBack(own, now, forget);
      }
      if (moved > 0) {
        generation.incrementAndGet();
        LOG.log(
            Level.WARNING,
            back
                ? "{0} messages are dated later than now, {1}, by a clock that ran ahead: they count as received now"
                : "{0} messages that had been dated later than the clock have their time again: it is {1}",
            moved,
            now);
      }
    } catch (SQLException e) {
      throw new IOException("times of receipt could not be set right: " + e.getMessage(), e);
    }
  }

  /**
   * What the journal holds that no report sees yet.
   *
   * @throws IOException if its folders cannot be read
   */
  public Backlog backlog() throws IOException {
    Backlog all = Backlog.NONE;
    for (MessageStream stream : all()) {
      all = all.plus(stream.journal().backlog());
    }
    return all;
  }

  /**
   * Returns a second after the last load began, or sooner when much waits.
   *
   * @return how many bytes wait to be loaded
   */
  private long awaitWork(long last) throws IOException, InterruptedException {
    Thread.sleep(Math.max(LOOK_EVERY_MILLIS, LOAD_MUCH_EVERY_MILLIS - millisSince(last)));
    long waiting = backlog().bytes();
    while (millisSince(last) < LOAD_EVERY_MILLIS && (importing || waiting < MUCH_BYTES)) {
      Thread.sleep(LOOK_EVERY_MILLIS);
      waiting = backlog().bytes();
    }
    return waiting;
  }

  /**
   * Messages a millisecond, over the loads so far. The last one alone would say too much or too
   * little of the next: at full load every second one waits for a checkpoint.
   */
  private static double pace(double before, long rows, long millis) {
    double now = rows / (double) Math.max(1, millis);
    return before == 0 ? now : (before + now) / 2;
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private void keepLoading() {
    long start = System.nanoTime();
    double loadedPerMilli = 0;
    while (!closed) {
      try {
        long waiting = awaitWork(start);
        start = System.nanoTime();
        boolean much = !importing && waiting >= MUCH_BYTES;
        spareCores(much);
        arrived.set(0);
        long rows = importing && waiting < IMPORT_BYTES ? 0 : load();
        loadedPerMilli = much && rows > 0 ? pace(loadedPerMilli, rows, millisSince(start)) : 0;
        arrivalsUntilGivingWay =
            loadedPerMilli > 0 ? (long) (loadedPerMilli * LONGEST_LOAD_MILLIS) : Long.MAX_VALUE;
        told.clear();
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException | Error e) {
        trouble = Optional.of(sentence(e));
        tell(e);
      }
    }
  }

  /** Once for each cause, and without the database's own words, which may quote what was sent. */
  private void tell(Throwable e) {
    faults.count(Faults.At.LOADER);
    String words =
        e instanceof IOException ? String.valueOf(e.getMessage()) : e.getClass().getName();
    if (told.add(words)) {
      LOG.log(
          Level.ERROR,
          "loading failed and will be tried again: {0} ({1}) at {2}",
          words,
          e.getCause() == null ? e.getClass().getName() : e.getCause().getClass().getName(),
          e.getStackTrace().length == 0 ? "an unknown place" : e.getStackTrace()[0]);
    }
  }

  private void spareCores(boolean spare) throws IOException {
    synchronized (loading) {
      try {
        database.spareCores(spare);
      } catch (SQLException e) {
        throw new IOException("the database's threads could not be set", e);
      }
    }
  }

  /**
   * Says whether a mass of old messages is coming in. Meanwhile they are loaded in large portions,
   * since what follows a load costs the same for few messages and for many.
   */
  public void importing(boolean importing) {
    this.importing = importing;
  }

  /** Counts by day that lie beside the messages. */
  public Tallies tallies() {
    return tallies;
  }

  /** Grows with everything that changes an answer. */
  public long generation() {
    return generation.get();
  }

  /**
   * Answers a report on all data.
   *
   * @param product whose
   * @throws IOException if its SQL fails
   */
  public ReportResult run(String product, Report report) throws IOException {
    return run(product, report, Scope.ALL);
  }

  /**
   * Answers a report on a part of the data.
   *
   * @param product whose
   * @throws IOException if its SQL fails, or takes longer than a minute
   */
  public ReportResult run(String product, Report report, Scope asked) throws IOException {
    Scope scope = applicable(product, report, asked);
    try (Database.Reader reader = reader(product, scope);
        Statement sql = reader.connection().createStatement()) {
      parameters(sql, report, scope);
      return patience.within(LONGEST_REPORT, sql, () -> rows(sql.executeQuery(report.sql())));
    } catch (SQLException e) {
      throw failed(report, e);
    }
  }

  /**
   * What of a scope can narrow a report: one about the present is not narrowed by days, one that
   * reads no instances not by their facts. The rest has no part in the answer.
   *
   * @param product whose
   * @throws IOException if the report's SQL cannot be looked at
   */
  public Scope applicable(String product, Report report, Scope asked) throws IOException {
    Scope scope =
        asked.withNumbers(
            name -> report.parameters().stream().anyMatch(one -> one.name().equals(name)));
    if (!scope.isNarrow()) {
      return scope;
    }
    Set<String> by = filters.get(report);
    if (by == null) {
      by = report.filters().map(Set::copyOf).orElse(Set.of());
      if (report.filters().isEmpty()) {
        try (Database.Reader reader = database.reader(product)) {
          by = filters(reader.connection(), product, report);
        } catch (SQLException e) {
          throw failed(report, e);
        }
      }
      filters.put(report, by);
    }
    scope = by.contains("days") ? scope : scope.withoutDays();
    return by.contains("facts") ? scope : scope.withoutFacts();
  }

  /** By what a report can be narrowed, going by the tables that it reads, through views as well. */
  private Set<String> filters(Connection connection, String product, Report report)
      throws SQLException {
    Set<String> byFacts = new HashSet<>();
    Set<String> byDays = new HashSet<>(Tallies.BY_DAY);
    byDays.add("last_message");
    Product narrowed = withInstances.get(product);
    if (narrowed != null) {
      byFacts.addAll(List.of("instance", "instance_day"));
      byDays.add("instance_day");
      byFacts.addAll(Timeline.ROLLUPS);
      byDays.addAll(Timeline.ROLLUPS);
    }
    Map<String, String> views = of(product).getFirst().product().views();
    Set<String> read = new HashSet<>();
    Deque<String> queries = new ArrayDeque<>(List.of(report.sql()));
    while (!queries.isEmpty()) {
      for (String table : Sandbox.sources(connection, queries.remove())) {
        if (read.add(table) && !byFacts.contains(table) && views.containsKey(table)) {
          queries.add(views.get(table));
        }
      }
    }
    Set<String> by = new HashSet<>();
    if (!Collections.disjoint(read, byDays)) {
      by.add("days");
    }
    if (!Collections.disjoint(read, byFacts)) {
      by.add("facts");
    }
    return Set.copyOf(by);
  }

  /**
   * Whether a facet has, or ever had, this value.
   *
   * @param product whose
   * @throws IOException if the database fails
   */
  public boolean occurs(Product product, String facet, String value) throws IOException {
    try (Database.Reader reader = database.reader(product.name());
        Statement sql = reader.connection().createStatement()) {
      List<String> tables = new ArrayList<>(List.of("instance"));
      tables.addAll(Timeline.ROLLUPS);
      String column = Columns.name(facet);
      String found =
          tables.stream()
              .map(
                  table ->
                      "SELECT 1 FROM "
                          + Columns.name(table)
                          + " WHERE CAST("
                          + column
                          + " AS VARCHAR) = "
                          + Columns.text(value))
              .collect(Collectors.joining(" UNION ALL ", "(", ") LIMIT 1"));
      try (ResultSet rows = sql.executeQuery("FROM " + found)) {
        return rows.next();
      }
    } catch (SQLException e) {
      throw new IOException("the store could not answer: " + e.getMessage(), e);
    }
  }

  /**
   * Answers a question of the program's own.
   *
   * @param product whose
   * @param sql a query with a question mark for each value
   * @throws IOException if it fails, or takes longer than a minute
   */
  public ReportResult ask(String product, String sql, Object... values) throws IOException {
    try (Database.Reader reader = reader(product, Scope.ALL);
        PreparedStatement statement = reader.connection().prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return patience.within(LONGEST_REPORT, statement, () -> rows(statement.executeQuery()));
    } catch (SQLException e) {
      throw new IOException("the store could not answer: " + e.getMessage(), e);
    }
  }

  /**
   * Answers somebody's own query, which may read the product's views and tables and nothing else.
   *
   * @param mostRows rows after these are left out
   * @throws Sandbox.Refused if it is no such query; the message is for whoever wrote it
   * @throws IOException if it fails, or takes longer than its time
   */
  public ReportResult query(String product, String query, int mostRows, Duration time)
      throws IOException, Sandbox.Refused {
    try (Database.Reader reader = reader(product, Scope.ALL);
        Statement sql = reader.connection().createStatement()) {
      String safe = Sandbox.check(reader.connection(), product, query);
      try {
        return patience.within(
            time, sql, () -> rows(sql.executeQuery("FROM (\n" + safe + "\n) LIMIT " + mostRows)));
      } catch (SQLException e) {
        throw new IOException(QueryPlace.explain(reader.connection(), query, e), e);
      }
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Takes an answer a row at a time. */
  public interface Rows {
    /** Takes the names of the columns, before all rows. */
    void columns(List<String> names) throws IOException;

    /** Takes a row. */
    void row(List<@Nullable Object> cells) throws IOException;
  }

  /**
   * Gives the whole answer to somebody's own query, however long it is. The same holds as for
   * {@link #query}.
   *
   * @param mostRows rows after these are left out
   */
  public void query(String product, String query, int mostRows, Duration time, Rows rows)
      throws IOException, Sandbox.Refused {
    try (Database.Reader reader = reader(product, Scope.ALL);
        Statement sql = reader.connection().createStatement()) {
      String safe = Sandbox.check(reader.connection(), product, query);
      try (ResultSet result =
          patience.within(
              time, sql, () -> sql.executeQuery("FROM (\n" + safe + "\n) LIMIT " + mostRows))) {
        List<String> names = columns(result);
        rows.columns(names);
        while (result.next()) {
          rows.row(row(result, names.size()));
        }
      }
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Writes the answer to somebody's own query to a Parquet file. The same holds as for {@link
   * #query}.
   */
  public void exportQuery(String product, String query, int mostRows, Duration time, Path file)
      throws IOException, Sandbox.Refused {
    try (Database.Reader reader = reader(product, Scope.ALL);
        Statement sql = reader.connection().createStatement()) {
      String safe = Sandbox.check(reader.connection(), product, query);
      String copy =
          "COPY (FROM (\n"
              + safe
              + "\n) LIMIT "
              + mostRows
              + ") TO "
              + Columns.text(file.toAbsolutePath().toString())
              + " (FORMAT parquet, COMPRESSION zstd)";
      try {
        patience.within(time, sql, () -> sql.execute(copy));
      } catch (SQLException e) {
        throw new IOException(QueryPlace.explain(reader.connection(), query, e), e);
      }
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Erases all that was received from an instance: its messages in the tables, in the journal and
   * in segments that were set aside, and its rows in the kept tables. What it sends from now on is
   * kept again.
   *
   * @return how many messages were erased
   * @throws IOException if the database or the journal fails; nothing is half done then, and it can
   *     be tried again
   */
  public long erase(Product product, String id) throws IOException {
    synchronized (loading) {
      do {
        load();
      } while (loader.isUnfinished());
      try {
        long erased = erasing.all(of(product.name()), id);
        generation.incrementAndGet();
        return erased;
      } catch (SQLException e) {
        throw new IOException("the instance could not be erased: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Writes the database's file anew if bytes of erased messages may still lie in it. Messages are
   * kept in the journal meanwhile, and reports answered.
   *
   * @return whether there was anything to do
   * @throws IOException if it fails, for want of space on the disk for example; the old file stays
   */
  public boolean rewrite() throws IOException {
    synchronized (loading) {
      try {
        if (erasing.leftSince().isEmpty()) {
          return false;
        }
        database.rewrite(
            List.of("DELETE FROM candor.to_rewrite"),
            sql -> {
              for (List<MessageStream> own : streams.values()) {
                Schema.views(sql, own.getFirst().product());
              }
              return true;
            });
        return true;
      } catch (SQLException e) {
        throw new IOException(
            "the database's file could not be written anew: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Joins the small pieces in which loading leaves the tables, and takes deleted rows out of them.
   * Messages are kept in the journal meanwhile, and reports answered.
   *
   * @throws IOException if the database fails; nothing is lost then
   */
  public void tidy() throws IOException {
    synchronized (loading) {
      try {
        database.tidy();
      } catch (SQLException e) {
        throw new IOException("the database's file could not be tidied: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Whether the database's file may hold bytes of what was erased.
   *
   * @throws IOException if the database fails
   */
  public boolean isToRewrite() throws IOException {
    synchronized (loading) {
      try {
        return erasing.leftSince().isPresent();
      } catch (SQLException e) {
        throw new IOException("the store could not answer: " + e.getMessage(), e);
      }
    }
  }

  /** Bytes of the database's file. */
  public long size() throws IOException {
    return database.size();
  }

  /**
   * Lets go of messages that are older than this store's {@link #lifetime}, and of the rows of
   * single instances in the kept tables. It takes a day at a time, and messages are loaded between.
   *
   * @param sure whether to let go of more than half of all messages too, some of them long too old
   * @return what was done; empty if messages stay for ever
   * @throws RetentionRefused if so many would go and it is not sure; nothing went then
   * @throws IOException if the database or the journal fails; it can be tried again
   */
  public Optional<Retention> retain(boolean sure) throws IOException {
    if (lifetime.days() == 0) {
      return Optional.empty();
    }
    LocalDate keepFrom =
        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(lifetime.days());
    long messages = 0;
    try {
      synchronized (loading) {
        Retaining.Due due = retaining.due(all(), keepFrom);
        if (!sure && due.isTooMuch()) {
          throw new RetentionRefused(due.messages(), due.of(), keepFrom, clock.instant());
        }
      }
      for (List<MessageStream> own : streams.values()) {
        boolean more = true;
        while (more) {
          long start = System.nanoTime();
          synchronized (loading) {
            if (closed) {
              throw new IOException("the store is closed");
            }
            Optional<LocalDate> oldest = retaining.oldest(own, keepFrom);
            more = oldest.isPresent();
            messages += retaining.letGo(own, oldest.map(day -> day.plusDays(1)).orElse(keepFrom));
          }
          if (more) {
            // Nothing hurries here: what waits to be loaded, and for the disk, goes first.
            TimeUnit.NANOSECONDS.sleep(2 * (System.nanoTime() - start));
          }
        }
        for (MessageStream stream : own) {
          Instant then = keepFrom.atStartOfDay(ZoneOffset.UTC).toInstant();
          messages += stream.journal().retainSetAside(then);
        }
      }
      Retention done = new Retention(clock.instant(), keepFrom, messages);
      synchronized (loading) {
        retaining.note(done);
      }
      if (messages > 0) {
        generation.incrementAndGet();
      }
      return Optional.of(done);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while old messages were let go", e);
    } catch (SQLException e) {
      throw new IOException("old messages could not be let go: " + e.getMessage(), e);
    }
  }

  /**
   * The times that old messages were let go, newest first.
   *
   * @throws IOException if the database fails
   */
  public List<Retention> retentions(int most) throws IOException {
    try (Database.Reader reader = database.reader("candor");
        Statement sql = reader.connection().createStatement()) {
      return Retaining.noted(sql, most);
    } catch (SQLException e) {
      throw new IOException("the store could not answer: " + e.getMessage(), e);
    }
  }

  /**
   * The names of a table's or view's columns, those of the store's own left out.
   *
   * @throws IOException if there is no such table
   */
  public List<String> columns(String product, String table) throws IOException {
    return ask(product, "SELECT column_name FROM (DESCRIBE " + Columns.name(table) + ")")
        .rows()
        .stream()
        .map(row -> String.valueOf(row.getFirst()))
        .filter(name -> !name.startsWith("_"))
        .toList();
  }

  /** What a query may read: tables and views by name, with their columns. */
  public Map<String, String> tables(String product) throws IOException {
    Map<String, String> tables = new LinkedHashMap<>();
    for (List<@Nullable Object> row :
        ask(
                product,
                "SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position)"
                    + " FROM information_schema.columns WHERE table_schema = ?"
                    + " AND table_catalog = current_database()"
                    + " GROUP BY table_name ORDER BY table_name",
                product)
            .rows()) {
      tables.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
    }
    return tables;
  }

  /**
   * The messages of one kind that an instance sent, newest first: their numbers and times of
   * receipt, and by what software they came.
   */
  public ReportResult messages(String product, MessageType type, String id, int most)
      throws IOException {
    return ask(
        product,
        "SELECT _row AS message, _received AS received, _agent AS client FROM "
            + Columns.name(Columns.table(type))
            + " WHERE "
            + Columns.name(type.id())
            + " = ? ORDER BY _received DESC LIMIT "
            + most,
        id);
  }

  /** One message as JSON, with null for each member that it does not have. */
  public Optional<String> message(String product, MessageType type, String id, long row)
      throws IOException {
    String table = Columns.name(Columns.table(type));
    return ask(
            product,
            "SELECT CAST(to_json(m) AS VARCHAR) FROM (SELECT * EXCLUDE (_row) FROM "
                + table
                + " WHERE _row = ? AND "
                + Columns.name(type.id())
                + " = ?) AS m",
            row,
            id)
        .rows()
        .stream()
        .map(one -> String.valueOf(one.getFirst()))
        .findFirst();
  }

  private static ReportResult rows(ResultSet result) throws SQLException {
    try (result) {
      List<String> columns = columns(result);
      List<List<@Nullable Object>> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row(result, columns.size()));
      }
      return new ReportResult(columns, Collections.unmodifiableList(rows));
    }
  }

  private static List<String> columns(ResultSet result) throws SQLException {
    ResultSetMetaData described = result.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= described.getColumnCount(); i++) {
      columns.add(described.getColumnName(i));
    }
    return List.copyOf(columns);
  }

  private static List<@Nullable Object> row(ResultSet result, int columns) throws SQLException {
    List<@Nullable Object> row = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      row.add(result.getObject(i));
    }
    return Collections.unmodifiableList(row);
  }

  /**
   * Writes a report's answer to a file.
   *
   * @param format {@code csv}, {@code json} or {@code parquet}
   * @throws IOException if its SQL or the writing fails
   */
  public void export(String product, Report report, String format, Path file) throws IOException {
    export(product, report, Scope.ALL, format, file);
  }

  /**
   * Writes a report's answer on a part of the data to a file.
   *
   * @param format {@code csv}, {@code json} or {@code parquet}
   * @throws IOException if its SQL or the writing fails
   */
  public void export(String product, Report report, Scope asked, String format, Path file)
      throws IOException {
    Scope scope = applicable(product, report, asked);
    String options =
        switch (format.toLowerCase(Locale.ROOT)) {
          case "csv" -> "";
          case "json" -> "FORMAT json, ARRAY true";
          case "parquet" -> "FORMAT parquet, COMPRESSION zstd";
          default ->
              throw new IllegalArgumentException(
                  "format \"" + format + "\": expected csv, json or parquet");
        };
    String query = report.sql().strip();
    String bare = query.endsWith(";") ? query.substring(0, query.length() - 1) : query;
    try (Database.Reader reader = reader(product, scope);
        Statement sql = reader.connection().createStatement()) {
      parameters(sql, report, scope);
      if (options.isEmpty()) {
        csv(sql.executeQuery(bare), file);
        return;
      }
      sql.execute(
          "COPY (\n"
              + (options.contains("json") ? finite(reader.connection(), bare) : bare)
              + "\n) TO "
              + Columns.text(file.toAbsolutePath().toString())
              + " ("
              + options
              + ")");
    } catch (SQLException e) {
      throw failed(report, e);
    }
  }

  /** The query with null for numbers that JSON does not have, which the database would write. */
  private static String finite(Connection connection, String query) throws SQLException {
    List<String> doubles = new ArrayList<>();
    try (PreparedStatement prepared = connection.prepareStatement(query)) {
      ResultSetMetaData described = prepared.getMetaData();
      for (int i = 1; i <= described.getColumnCount(); i++) {
        String name = Columns.name(described.getColumnName(i));
        if (Set.of("DOUBLE", "FLOAT").contains(described.getColumnTypeName(i))) {
          doubles.add("CASE WHEN isfinite(%1$s) THEN %1$s END AS %1$s".formatted(name));
        }
      }
    }
    return doubles.isEmpty()
        ? query
        : "SELECT * REPLACE (" + String.join(", ", doubles) + ") FROM (\n" + query + "\n)";
  }

  /** Not by the database, whose CSV knows nothing of what spreadsheets do with formulas. */
  private static void csv(ResultSet result, Path file) throws SQLException, IOException {
    try (result;
        Writer out = Files.newBufferedWriter(file)) {
      Csv csv = new Csv(out, "\n");
      List<String> columns = columns(result);
      csv.line(columns);
      while (result.next()) {
        csv.line(row(result, columns.size()));
      }
    }
  }

  private Database.Reader reader(String product, Scope scope) throws SQLException {
    Database.Reader reader = database.reader(product);
    try (Statement sql = reader.connection().createStatement()) {
      // Views of this connection alone, which stand before those of the product.
      Product narrowed = withInstances.get(product);
      if (narrowed != null) {
        // Sums may be kept for days to come, of which nobody can ask yet.
        String condition =
            (scope.isNarrow() ? scope.sums(narrowed.facets()) + scope.days() : "")
                + " AND day <= (SELECT day FROM "
                + Columns.name(product)
                + ".as_of)";
        for (String table : Timeline.ROLLUPS) {
          narrow(sql, product, table, condition);
        }
      }
      if (scope.isNarrow()) {
        if (narrowed != null) {
          narrow(sql, product, "instance", scope.facts());
          narrow(sql, product, "instance_day", scope.facts() + scope.days());
        }
        for (String counted : Tallies.BY_DAY) {
          narrow(sql, product, counted, scope.days());
        }
        for (Map.Entry<String, Optional<LocalDate>> end :
            Map.of("filter_from", scope.from(), "filter_to", scope.to()).entrySet()) {
          if (end.getValue().isPresent()) {
            sql.execute(
                "SET VARIABLE %s = DATE '%s'".formatted(end.getKey(), end.getValue().get()));
          }
        }
        sql.execute(
            "CREATE TEMP VIEW last_message AS SELECT max(_received) AS received FROM message");
      }
      return reader;
    } catch (SQLException e) {
      reader.close();
      throw e;
    }
  }

  private static void parameters(Statement sql, Report report, Scope scope) throws SQLException {
    for (Report.Parameter parameter : report.parameters()) {
      long value = scope.numbers().getOrDefault(parameter.name(), parameter.otherwise());
      sql.execute("SET VARIABLE " + Columns.name(parameter.name()) + " = " + value);
    }
  }

  private static void narrow(Statement sql, String product, String view, String condition)
      throws SQLException {
    sql.execute(
        "CREATE TEMP VIEW "
            + view
            + " AS SELECT * FROM "
            + Columns.name(product)
            + "."
            + view
            + " WHERE true"
            + condition);
  }

  private static IOException failed(Report report, SQLException e) {
    return new IOException("report " + report.name() + ": " + e.getMessage(), e);
  }

  /** Loads what was accepted and lets the directory go. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    loadingThread.interrupt();
    try {
      database.stop();
      loadingThread.join();
      for (MessageStream stream : all()) {
        stream.journal().close();
      }
      loadWhatCanBe();
    } catch (IOException | SQLException e) {
      LOG.log(
          Level.WARNING,
          "the store did not close cleanly; the next start repairs it: {0}",
          Faults.describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      letGo();
    }
  }

  private void letGo() {
    patience.close();
    try {
      database.close();
    } catch (SQLException e) {
      LOG.log(
          Level.WARNING,
          "the database did not close cleanly ({0}); the next start repairs it",
          Trouble.cause(e));
    }
    try {
      lock.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the data directory's lock could not be let go", e);
    }
  }
}
