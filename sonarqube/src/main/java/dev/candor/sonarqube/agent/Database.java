package dev.candor.sonarqube.agent;

import dev.candor.client.Meter;
import dev.candor.client.Omission;
import dev.candor.client.SourceException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The server's database, read only: every source reads in a read-only transaction of its own, every
 * statement has a time limit, rows are fetched as they are used, and no word of the database's own
 * gets into an error. The sources of a ping hand one connection on; a source that fails closes it.
 */
final class Database {
  private static final int FETCH = 1000;
  private static final String CONNECT_SECONDS = "10";

  private final Installation installation;
  private final String url;
  private final String kind;
  private final String user;
  private final Optional<String> password;
  private final String origin;
  private @Nullable Driver driver;

  /**
   * The login that was refused during this ping: trying it ten times more could lock an account.
   */
  private @Nullable SourceException refused;

  private boolean within;
  private @Nullable Connection idle;

  private Database(
      Installation installation,
      String url,
      String kind,
      String user,
      Optional<String> password,
      String origin) {
    this.installation = installation;
    this.url = url;
    this.kind = kind;
    this.user = user;
    this.password = password;
    this.origin = origin;
  }

  /**
   * The database of these settings; the embedded one where they name none.
   *
   * @throws SettingsException if the address is of no supported kind, or a secret cannot be read
   */
  static Database of(Settings settings, Secrets secrets, Installation installation)
      throws SettingsException {
    Optional<Setting> given = settings.get("sonar.jdbc.url").filter(s -> !s.value().isEmpty());
    String url;
    String origin;
    if (given.isPresent()) {
      url = secrets.clear(given.get());
      origin = "sonar.jdbc.url (" + given.get().origin() + ")";
    } else {
      String port = settings.used("sonar.embeddedDatabase.port").map(Setting::value).orElse("9092");
      url = "jdbc:h2:tcp://127.0.0.1:" + port + "/sonar;NON_KEYWORDS=VALUE";
      origin = "the embedded database at port " + port;
    }
    String user = "";
    if (settings.value("sonar.jdbc.username").isPresent()) {
      user = secrets.clear(settings.get("sonar.jdbc.username").orElseThrow());
    }
    Optional<String> password = Optional.empty();
    if (settings.value("sonar.jdbc.password").isPresent()) {
      password = Optional.of(secrets.clear(settings.get("sonar.jdbc.password").orElseThrow()));
    }
    return new Database(installation, url, kind(url, origin), user, password, origin);
  }

  private static String kind(String url, String origin) throws SettingsException {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("jdbc:postgresql:")) {
      return "postgresql";
    }
    if (lower.startsWith("jdbc:sqlserver:")) {
      return "mssql";
    }
    if (lower.startsWith("jdbc:oracle:")) {
      return "oracle";
    }
    if (lower.startsWith("jdbc:h2:")) {
      return "h2";
    }
    throw new SettingsException(
        origin + ": expected jdbc:postgresql:, jdbc:sqlserver:, jdbc:oracle: or jdbc:h2:");
  }

  /** A new ping begins: what was refused before may be tried again. */
  synchronized void begin() {
    refused = null;
    within = true;
  }

  /** The ping's sources are done: no connection stays open, but that of one still at work. */
  void end() {
    Connection last;
    synchronized (this) {
      within = false;
      last = idle;
      idle = null;
    }
    if (last != null) {
      try {
        last.close();
      } catch (SQLException e) {
        // Nothing is read from it any more.
      }
    }
  }

  private synchronized void checkNotRefused() throws SourceException {
    if (refused != null) {
      throw refused;
    }
  }

  private synchronized SourceException remembered(SourceException failure) {
    refused = failure;
    return failure;
  }

  /** Where the setting stands that says which database it is. */
  String origin() {
    return origin;
  }

  /** How SQL here writes true. */
  String yes() {
    return kind.equals("postgresql") || kind.equals("h2") ? "TRUE" : "1";
  }

  /** Work on a connection. */
  interface Work {
    void on(Reader reader) throws Exception;
  }

  /**
   * Works on a connection, the one of the source before where there is one.
   *
   * @throws SourceException if the database cannot be used; it says why and holds no value
   */
  void read(Meter meter, Work work) throws Exception {
    checkNotRefused();
    try {
      Connection connection = take();
      boolean well = false;
      try {
        work.on(new Reader(connection, meter));
        connection.rollback();
        well = true;
      } finally {
        giveBack(connection, well);
      }
    } catch (SettingsException e) {
      throw new SourceException(Omission.FAILED, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  private Connection take() throws SQLException, SettingsException {
    synchronized (this) {
      Connection handedOn = idle;
      if (handedOn != null) {
        idle = null;
        return handedOn;
      }
    }
    Connection connection = connect();
    try {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      if (kind.equals("postgresql") || kind.equals("h2")) {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void giveBack(Connection connection, boolean well) throws SQLException {
    synchronized (this) {
      if (well && within && idle == null) {
        idle = connection;
        return;
      }
    }
    try (connection) {
      if (!well) {
        connection.rollback();
      }
    }
  }

  private Connection connect() throws SQLException, SettingsException {
    Properties properties = new Properties();
    if (!user.isEmpty() || kind.equals("h2")) {
      properties.setProperty("user", user);
    }
    if (kind.equals("h2")) {
      properties.setProperty("password", password.orElse(""));
    } else {
      password.ifPresent(secret -> properties.setProperty("password", secret));
    }
    if (kind.equals("postgresql") || kind.equals("mssql")) {
      properties.setProperty("loginTimeout", CONNECT_SECONDS);
    }
    Connection connection = driver().connect(url, properties);
    if (connection == null) {
      throw new SettingsException(origin + " is not an address that its driver takes");
    }
    return connection;
  }

  private synchronized Driver driver() throws SettingsException {
    Driver loaded = driver;
    if (loaded == null) {
      String name =
          switch (kind) {
            case "postgresql" -> "org.postgresql.Driver";
            case "mssql" -> "com.microsoft.sqlserver.jdbc.SQLServerDriver";
            case "oracle" -> "oracle.jdbc.OracleDriver";
            default -> "org.h2.Driver";
          };
      loaded = installation.driver(kind, name);
      driver = loaded;
    }
    return loaded;
  }

  /** The reason in our words: the database's might hold its address, a user's name or a value. */
  private SourceException explained(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (e instanceof SQLTimeoutException || state.equals("57014") || state.equals("HYT00")) {
      return new SourceException(Omission.TIMEOUT, "a query took longer than its time");
    }
    if (state.startsWith("28")) {
      return remembered(
          new SourceException(
              Omission.DENIED,
              "the database refuses the login: check sonar.jdbc.username and sonar.jdbc.password"));
    }
    if (state.equals("42501") || state.equals("90096")) {
      return new SourceException(
          Omission.DENIED, "the database's user may not read a table that is needed");
    }
    if (state.startsWith("08") || state.equals("90067") || state.equals("90049")) {
      return new SourceException(
          Omission.FAILED, "the database cannot be reached; " + origin + " says where it is");
    }
    return new SourceException(Omission.FAILED, "the database failed, SQL state " + state);
  }

  /** Reads within one transaction. */
  static final class Reader {
    private final Connection connection;
    private final Meter meter;

    private Reader(Connection connection, Meter meter) {
      this.connection = connection;
      this.meter = meter;
    }

    Connection connection() {
      return connection;
    }

    /** What is done with a row. */
    interface Row {
      void at(ResultSet row) throws Exception;
    }

    /** Runs a query and hands on each row, counted. */
    void each(String sql, Row row) throws Exception {
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(FETCH);
        statement.setQueryTimeout(Math.max(1, (int) meter.remaining().toSeconds()));
        try (ResultSet rows = statement.executeQuery(sql)) {
          while (rows.next()) {
            meter.row();
            row.at(rows);
          }
        }
      }
    }

    /** Which release line's tables these are. */
    SchemaVersion schema() throws Exception {
      long[] number = new long[1];
      each(
          "SELECT version FROM schema_migrations",
          row -> {
            String version = String.valueOf(row.getString(1));
            if (version.matches("[0-9]{1,15}")) {
              number[0] = Math.max(number[0], Long.parseLong(version));
            }
          });
      return SchemaVersion.of(number[0]);
    }
  }
}
