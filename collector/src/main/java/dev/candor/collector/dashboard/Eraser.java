package dev.candor.collector.dashboard;

import dev.candor.collector.Erasure;
import dev.candor.collector.access.Audit;
import dev.candor.collector.access.Who;
import dev.candor.store.Faults;
import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Erases instances for somebody, one after the other, and notes that it did; not which, for that is
 * erased. It goes on when whoever asked has gone.
 */
final class Eraser implements AutoCloseable {
  /** What became of one so far. */
  enum State {
    WAITING("waits for another erasure to end"),
    QUARANTINE("looking through the quarantine"),
    STORE("erasing from the store and its journal"),
    REWRITE("writing the database's file anew, so that no byte is left"),
    DONE("done"),
    NOTHING("nothing was held of this instance"),
    FAILED("failed, nothing is half done: try again; the server's log says why");

    private final String words;

    State(String words) {
      this.words = words;
    }

    boolean isOver() {
      return compareTo(DONE) >= 0;
    }

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** One erasure; only its state and its receipt change. */
  static final class Job {
    private final String id = UUID.randomUUID().toString();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Who who;
    private final Product product;
    private final String instance;
    private final Instant asked;
    private volatile State state = State.WAITING;
    private volatile String receipt = "";

    Job(Who who, Product product, String instance, Instant asked) {
      this.who = who;
      this.product = product;
      this.instance = instance;
      this.asked = asked;
    }

    String id() {
      return id;
    }

    String instance() {
      return instance;
    }

    Instant asked() {
      return asked;
    }

    State state() {
      return state;
    }

    /** Its receipt once it is done, else what it is at. */
    String says() {
      return state == State.DONE ? receipt : state.words;
    }

    private void end(State last) {
      state = last;
      over.countDown();
    }

    private boolean isOf(Product other, String id) {
      return product.name().equals(other.name()) && instance.equals(id);
    }
  }

  private static final int MOST = 100;

  private final Store store;
  private final Path data;
  private final Audit audit;
  private final Clock clock;
  private final Duration patience;
  private final Map<String, Job> jobs =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Job> eldest) {
          return size() > MOST && eldest.getValue().state().isOver();
        }
      };
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          work -> Thread.ofPlatform().daemon().name("candor-eraser").unstarted(work));

  /**
   * An eraser of this store.
   *
   * @param patience how long whoever asks is kept waiting for the receipt
   */
  Eraser(Store store, Path data, Audit audit, Clock clock, Duration patience) {
    this.store = store;
    this.data = data;
    this.audit = audit;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Begins to erase an instance, or finds that it has begun, and waits a little for the end.
   *
   * @throws HttpException if it turns out in that time that nothing is held of it, or if it fails
   */
  Job erase(Who who, Product product, String id) {
    Job job = begun(who, product, id);
    try {
      if (job.over.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        if (job.state() == State.NOTHING) {
          throw HttpException.notFound("instance");
        }
        if (job.state() == State.FAILED) {
          throw new HttpException(500, job.says());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return job;
  }

  private Job begun(Who who, Product product, String id) {
    synchronized (jobs) {
      Optional<Job> running =
          jobs.values().stream()
              .filter(job -> !job.state().isOver() && job.isOf(product, id))
              .findFirst();
      return running.orElseGet(
          () -> {
            Job job = new Job(who, product, id, clock.instant().truncatedTo(ChronoUnit.SECONDS));
            jobs.put(job.id(), job);
            worker.execute(() -> work(job));
            return job;
          });
    }
  }

  private void work(Job job) {
    try {
      Optional<Erasure.Done> done =
          Erasure.of(
              store,
              job.product,
              data,
              job.instance,
              false,
              clock,
              step -> job.state = State.valueOf(step.name()));
      if (done.isEmpty()) {
        job.end(State.NOTHING);
        return;
      }
      job.receipt = done.get().sentence();
      audit.changed(job.who.name(), "erase", job.product.name() + ": " + job.receipt);
      job.end(State.DONE);
    } catch (IOException | RuntimeException | Error e) {
      store.faults().note(Faults.At.ERASURE, e);
      job.end(State.FAILED);
    }
  }

  /**
   * The erasure of this id.
   *
   * @throws HttpException if there is none, as after a restart
   */
  Job job(Product product, String id) {
    synchronized (jobs) {
      return Optional.ofNullable(jobs.get(id))
          .filter(job -> job.product.name().equals(product.name()))
          .orElseThrow(() -> HttpException.notFound("erasure"));
    }
  }

  /** Begins no more; what it is at is broken off when the store closes. */
  @Override
  public void close() {
    worker.shutdown();
  }
}
