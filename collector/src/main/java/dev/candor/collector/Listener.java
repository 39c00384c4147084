package dev.candor.collector;

import dev.candor.store.Faults;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/** How Jetty is set up: virtual threads, bounds, and not a word too many. */
public final class Listener {
  private Listener() {}

  static Server server(
      ReceiverSettings settings, Deadlines deadlines, Meters meters, Faults faults) {
    warnOfLogs();
    Server server = new Server(threads("candor"));
    server.addConnector(connector(server, settings, deadlines));
    server.addBean(new NetworkConnectionLimit(4 * settings.bounds().maxRequests(), server));
    server.setErrorHandler(new Terse(meters, faults));
    server.setStopAtShutdown(false);
    server.setStopTimeout(1000);
    return server;
  }

  /** A few threads for the network, and a virtual one for each request. */
  public static QueuedThreadPool threads(String name) {
    QueuedThreadPool threads = new QueuedThreadPool(16, 4);
    threads.setName(name + "-io");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-http-", 0).factory()));
    return threads;
  }

  /**
   * Strict HTTP that tells nothing of the server.
   *
   * @param maxHeader bytes of the request line and the headers together
   */
  public static HttpConfiguration http(int maxHeader) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setSendDateHeader(false);
    http.setRequestHeaderSize(maxHeader);
    http.setHttpCompliance(HttpCompliance.RFC9110);
    http.setUriCompliance(UriCompliance.RFC3986);
    return http;
  }

  /** Jetty's finer log levels name peers and headers: it should have no log to write to. */
  private static void warnOfLogs() {
    ILoggerFactory logs = LoggerFactory.getILoggerFactory();
    if (!(logs instanceof NOPLoggerFactory)) {
      System.getLogger("dev.candor.collector")
          .log(
              Level.WARNING,
              "the HTTP server logs through {0}, which may name senders: leave slf4j-nop the only"
                  + " SLF4J binding on the class path",
              logs.getClass().getName());
    }
  }

  private static ServerConnector connector(
      Server server, ReceiverSettings settings, Deadlines deadlines) {
    Bounds bounds = settings.bounds();
    HttpConfiguration http = http(bounds.maxHeader());
    http.setIdleTimeout(bounds.idle().toMillis());
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(bounds.idle().toMillis());
    connector.addBean(deadlines);
    return connector;
  }
}
