package dev.candor.store;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends questions that take too long. */
final class Patience implements AutoCloseable {
  /** A question to the database. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws SQLException;
  }

  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().daemon().name("candor-patience").unstarted(work));

  /**
   * Asks, and breaks the statement off when the time is up.
   *
   * @throws SQLException if it fails or was broken off; the message says which
   */
  <T> T within(Duration time, Statement statement, Question<T> question) throws SQLException {
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> end =
        watch.schedule(
            () -> {
              late.set(true);
              statement.cancel();
              return true;
            },
            time.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return question.ask();
    } catch (SQLException e) {
      if (late.get()) {
        throw new SQLException("it took longer than " + time.toSeconds() + " seconds", e);
      }
      throw e;
    } finally {
      end.cancel(false);
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
