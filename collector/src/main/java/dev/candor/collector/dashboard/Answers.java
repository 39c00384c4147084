package dev.candor.collector.dashboard;

import dev.candor.collector.access.Role;
import dev.candor.store.Faults;
import dev.candor.store.Product;
import dev.candor.store.Report;
import dev.candor.store.ReportResult;
import dev.candor.store.Scope;
import dev.candor.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers to reports, kept for whoever asks next. An answer is given at once if it was ever
 * reckoned; those that were asked for lately are reckoned anew in the background after something
 * has come, as often as takes a tenth of one core at most. Each says of when it is.
 */
final class Answers implements AutoCloseable {
  /**
   * A report's answer.
   *
   * @param result the rows, small groups folded for viewers
   * @param asOf when it was reckoned
   */
  record Answer(ReportResult result, Instant asOf) {}

  private record Question(String product, Report report, Scope scope) {}

  private static final class Kept {
    private final Answer answer;
    private final long generation;
    private final Duration cost;
    private volatile Instant asked;

    Kept(Answer answer, long generation, Duration cost, Instant asked) {
      this.answer = answer;
      this.generation = generation;
      this.cost = cost;
      this.asked = asked;
    }
  }

  private static final System.Logger LOG = System.getLogger("dev.candor.collector");
  private static final Pattern OF_QUERY =
      Pattern.compile("^(?:[A-Za-z ]+: .*\\R)?(?:Error: )?((?:Binder|Catalog|Parser) Error: .*)");
  private static final int MOST = 400;
  private static final int MOST_ROWS = 20_000;
  private static final Duration CHEAP = Duration.ofMillis(150);
  private static final Duration LATELY = Duration.ofMinutes(10);
  private static final long LOOK_MILLIS = 500;

  private final Store store;
  private final List<Product> products;
  private final Threshold threshold;
  private final Clock clock;
  private final Map<Question, Kept> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
          return size() > MOST;
        }
      };

  /** Reports that failed when they were last asked for, and why: nobody tries them unasked. */
  private final Map<String, String> failing = new ConcurrentHashMap<>();

  private final Thread refresher;
  private volatile boolean closed;

  Answers(Store store, List<Product> products, Threshold threshold, Clock clock) {
    this.store = store;
    this.products = products;
    this.threshold = threshold;
    this.clock = clock;
    this.refresher = Thread.ofPlatform().daemon().name("candor-answers").unstarted(this::keepFresh);
  }

  void start() {
    refresher.start();
  }

  /**
   * The answer for somebody of this role.
   *
   * @throws HttpException if the report is not for them
   */
  Answer answer(Product product, Report report, Scope scope, Role role) throws IOException {
    boolean viewer = !role.covers(Role.ANALYST);
    if (viewer && report.isAboutSingleInstances()) {
      throw new HttpException(403, "this report is about single instances: it is for analysts");
    }
    Question question = new Question(product.name(), report, scope);
    Kept found;
    synchronized (kept) {
      found = kept.get(question);
    }
    if (found == null || isOld(found)) {
      found = reckon(question);
    }
    found.asked = clock.instant();
    Answer answer = found.answer;
    return viewer ? new Answer(threshold.apply(report, answer.result()), answer.asOf()) : answer;
  }

  /** Cheap answers are of now; the others of a few times as long ago as they take. */
  private boolean isOld(Kept found) {
    if (found.generation == store.generation()) {
      return false;
    }
    Duration age = Duration.between(found.answer.asOf(), clock.instant());
    return age.compareTo(
            found.cost.compareTo(CHEAP) < 0
                ? Duration.ofSeconds(1)
                : found.cost.multipliedBy(100).plusSeconds(20))
        > 0;
  }

  private Kept reckon(Question question) throws IOException {
    long generation = store.generation();
    Instant start = clock.instant();
    long nanos = System.nanoTime();
    ReportResult result = run(question);
    Duration cost = Duration.ofNanos(System.nanoTime() - nanos);
    Kept made = new Kept(new Answer(result, start), generation, cost, start);
    if (result.rows().size() <= MOST_ROWS) {
      synchronized (kept) {
        kept.put(question, made);
      }
    }
    return made;
  }

  private ReportResult run(Question question) throws IOException {
    String name = question.product() + "/" + question.report().name();
    try {
      ReportResult result = store.run(question.product(), question.report(), question.scope());
      failing.remove(name);
      return result;
    } catch (IOException e) {
      String why = kind(e);
      if (!why.equals(failing.put(name, why))) {
        LOG.log(
            Level.WARNING,
            "report {0} of {1} cannot be answered: {2}",
            question.report().name(),
            question.product(),
            why);
      }
      throw e;
    }
  }

  /** What the database said: all of it of a query that makes no sense, which tells of no value. */
  private static String kind(IOException failure) {
    String said =
        String.valueOf(failure.getCause() == null ? null : failure.getCause().getMessage());
    Matcher ofQuery = OF_QUERY.matcher(said);
    return ofQuery.find() ? ofQuery.group(1) : said.split(":", 2)[0];
  }

  private void keepFresh() {
    Set<String> told = new HashSet<>();
    while (!closed) {
      try {
        Thread.sleep(LOOK_MILLIS);
        Optional<Question> next = next();
        if (next.isPresent()) {
          Kept made = refreshed(next.get());
          told.clear();
          Thread.sleep(made.cost.multipliedBy(9));
        }
      } catch (InterruptedException e) {
        return;
      } catch (IOException e) {
        store.faults().count(Faults.At.ANSWERS);
      } catch (RuntimeException | Error e) {
        // The same report is soon tried again.
        if (told.add(Faults.describe(e))) {
          store.faults().note(Faults.At.ANSWERS, e);
        }
      }
    }
  }

  private Kept refreshed(Question question) throws IOException {
    Instant asked;
    synchronized (kept) {
      Kept before = kept.get(question);
      asked = before == null ? clock.instant() : before.asked;
    }
    Kept made = reckon(question);
    made.asked = asked;
    return made;
  }

  /**
   * What nobody has answered yet of the first pages, else the oldest answer that is still asked
   * for.
   */
  private Optional<Question> next() {
    Instant now = clock.instant();
    synchronized (kept) {
      for (Product product : products) {
        for (String name : product.pages().getFirst().reports()) {
          Question question =
              new Question(product.name(), product.report(name).orElseThrow(), Scope.ALL);
          if (!kept.containsKey(question) && !failing.containsKey(product.name() + "/" + name)) {
            return Optional.of(question);
          }
        }
      }
      List<Map.Entry<Question, Kept>> stale = new ArrayList<>();
      for (Map.Entry<Question, Kept> entry : kept.entrySet()) {
        Kept one = entry.getValue();
        boolean wanted =
            (entry.getKey().scope().isAll() && isFirst(entry.getKey()))
                || one.asked.plus(LATELY).isAfter(now);
        if (one.generation != store.generation() && wanted) {
          stale.add(entry);
        }
      }
      return stale.stream()
          .min(java.util.Comparator.comparing(entry -> entry.getValue().answer.asOf()))
          .map(Map.Entry::getKey);
    }
  }

  private boolean isFirst(Question question) {
    return products.stream()
        .filter(product -> product.name().equals(question.product()))
        .anyMatch(
            product -> product.pages().getFirst().reports().contains(question.report().name()));
  }

  @Override
  public void close() {
    closed = true;
    refresher.interrupt();
    try {
      refresher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
