package dev.candor.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.candor.collector.Listener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * The receiver's HTTP server with another handler: {@code discard [PORT]} reads each body and
 * throws it away; {@code postgres URL CONNECTIONS} inflates it and inserts it as {@code jsonb}.
 */
final class PeerServer {
  /** What is done with a body before the answer. */
  @FunctionalInterface
  private interface Work {
    void take(InputStream body) throws IOException, SQLException;
  }

  private PeerServer() {}

  public static void main(String[] args) throws Exception {
    Work work =
        args[0].equals("postgres")
            ? inserting(args[1], Integer.parseInt(args[2]))
            : body -> body.transferTo(java.io.OutputStream.nullOutputStream());
    Server server = new Server(Listener.threads("peer"));
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(Listener.http(16 << 10)));
    connector.setHost("127.0.0.1");
    boolean named = args[0].equals("discard") && args.length > 1;
    connector.setPort(named ? Integer.parseInt(args[1]) : 0);
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            work.take(Content.Source.asInputStream(request));
            response.setStatus(204);
            callback.succeeded();
            return true;
          }
        });
    server.start();
    System.out.println("Listening at http://127.0.0.1:" + connector.getLocalPort());
    System.out.flush();
    server.join();
  }

  private static Work inserting(String url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(connections);
    config.setConnectionTimeout(60_000);
    config.addDataSourceProperty("prepareThreshold", "1");
    @SuppressWarnings("resource") // as long as the process
    HikariDataSource pool = new HikariDataSource(config);
    return body -> {
      String json;
      try (GZIPInputStream in = new GZIPInputStream(body, 8192)) {
        json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
      try (Connection connection = pool.getConnection();
          PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO ping(received, body) VALUES (now(), ?::jsonb)")) {
        insert.setString(1, json);
        insert.executeUpdate();
      }
    };
  }
}
