package dev.candor.collector;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;

/**
 * Breaks connections that take too long for a request, however busily they drip: a sender that is
 * merely slow comes again, as it would not after an answer.
 */
final class Deadlines implements Connection.Listener, Runnable {
  private final long nanos;
  private final Map<Connection, Long> began = new ConcurrentHashMap<>();

  Deadlines(Duration requestTime) {
    this.nanos = requestTime.toNanos();
  }

  @Override
  public void onOpened(Connection connection) {
    began.put(connection, System.nanoTime());
  }

  @Override
  public void onClosed(Connection connection) {
    began.remove(connection);
  }

  /** A request's headers are here: its time counts from now. */
  void begin(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    began.computeIfPresent(connection, (_, _) -> System.nanoTime());
  }

  int connections() {
    return began.size();
  }

  /** Looks through the connections, once. */
  @Override
  public void run() {
    long now = System.nanoTime();
    began.forEach(
        (connection, begin) -> {
          if (now - begin > nanos) {
            connection.getEndPoint().close();
          }
        });
  }
}
