package dev.candor.sonarqube.agent;

import dev.candor.client.Authority;
import dev.candor.client.Cadence;
import dev.candor.client.FileLease;
import dev.candor.client.Source;
import dev.candor.client.Telemetry;
import dev.candor.client.Transport;
import dev.candor.sonarqube.SonarQube;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** The telemetry of one SonarQube server, run beside it. */
public final class SonarQubeAgent {
  private static final String FREQUENCY = "sonar.telemetry.frequencyInSeconds";
  private static final String COMPRESSION = "sonar.telemetry.compression";
  private static final String LOCK_DELAY = "sonar.telemetry.lock.delay";
  private static final String FORM = "candor.telemetry.form";
  private static final String PLAIN_HTTP = "candor.telemetry.plainHttpHosts";
  private static final String TRUST_STORE = "candor.telemetry.trustStore";
  private static final String TRUST_PASSWORD = "candor.telemetry.trustStorePassword";
  private static final String WEB_OPTS = "sonar.web.javaOpts";
  private static final String MORE_OPTS = "sonar.web.javaAdditionalOpts";
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final String AGENT = "Candor/0.1";

  /**
   * What an agent is told.
   *
   * @param home the server's folder, {@code $SONARQUBE_HOME}
   * @param state the agent's own state directory
   * @param url an address that goes before all settings
   * @param form a form that goes before all settings
   * @param environment variables by name
   * @param root of the file system, where a container shows itself
   * @param userHome where the key for encrypted settings is by default
   */
  public record Options(
      Path home,
      Path state,
      Optional<String> url,
      Optional<Form> form,
      Map<String, String> environment,
      Path root,
      Path userHome) {
    public Options {
      environment = Map.copyOf(environment);
    }
  }

  private final Options options;
  private final Settings settings;
  private final Secrets secrets;
  private final Installation installation;
  private final Database database;
  private final Endpoint endpoint;
  private final Form form;
  private final Transport transport;
  private final Cadence cadence;
  private final Duration lockDelay;

  private SonarQubeAgent(Options options) throws SettingsException {
    this.options = options;
    if (!Files.isDirectory(options.home())) {
      throw new SettingsException(
          "\"" + options.home() + "\" is not a folder: expected a SonarQube's, $SONARQUBE_HOME");
    }
    try {
      this.settings = Settings.read(options.home(), options.environment());
    } catch (IOException e) {
      throw new SettingsException(
          "\""
              + options.home().resolve(Settings.FILE)
              + "\" cannot be read: is this a SonarQube's folder, and may this user read it?");
    }
    this.secrets = new Secrets(settings, options.userHome());
    this.installation = new Installation(options.home(), options.root());
    List<String> problems = new ArrayList<>(settings.problems());
    Endpoint address = null;
    Transport way = null;
    Database data = null;
    try {
      address = Endpoint.of(settings, options.url());
      way = transport(address, problems);
    } catch (SettingsException e) {
      problems.addAll(e.problems());
    }
    try {
      data = Database.of(settings, secrets, installation);
    } catch (SettingsException e) {
      problems.addAll(e.problems());
    }
    long frequency = seconds(FREQUENCY, 10_800, problems);
    this.lockDelay = Duration.ofSeconds(seconds(LOCK_DELAY, 60, problems));
    this.form = form(problems);
    Duration tick = Duration.ofSeconds(frequency);
    this.cadence = new Cadence(Duration.ofHours(24), tick, tick.compareTo(LOOK) < 0 ? tick : LOOK);
    if (!problems.isEmpty() || address == null || way == null || data == null) {
      throw new SettingsException(problems);
    }
    this.endpoint = address;
    this.transport = way;
    this.database = data;
  }

  /**
   * Reads a server's settings.
   *
   * @throws SettingsException if they cannot be used: all problems at once
   */
  public static SonarQubeAgent open(Options options) throws SettingsException {
    return new SonarQubeAgent(options);
  }

  private Transport transport(Endpoint address, List<String> problems) {
    try {
      boolean named =
          settings.used(PLAIN_HTTP).stream()
              .flatMap(hosts -> List.of(hosts.value().split("[, ]+", -1)).stream())
              .anyMatch(
                  host ->
                      Authority.of(address.address())
                          .filter(whom -> whom.host().equalsIgnoreCase(host))
                          .isPresent());
      Transport way =
          named
              ? Transport.ofPlainHttp(address.address(), AGENT)
              : Transport.of(address.address(), AGENT);
      Optional<String> store = settings.used(TRUST_STORE).map(Setting::value);
      if (store.isPresent()) {
        char[] password = clear(TRUST_PASSWORD).orElse("").toCharArray();
        way = way.trusting(options.home().resolve(store.get()), password);
      }
      Map<String, String> proxies = proxies();
      return way.compressed(compression(problems)).proxies(proxies::get, options.environment());
    } catch (IllegalArgumentException e) {
      problems.add(
          address.because() + ": " + e.getMessage() + " (" + PLAIN_HTTP + " names such hosts)");
    } catch (IOException e) {
      problems.add(TRUST_STORE + ": " + e.getMessage());
    } catch (SettingsException e) {
      problems.addAll(e.problems());
    }
    // The problems are reported; this one is never used.
    return Transport.ofPlainHttp(address.address(), AGENT);
  }

  /**
   * What says which proxy: the settings; what {@code sonar.web.javaOpts} and {@code
   * sonar.web.javaAdditionalOpts} tell the server's JVM; this JVM's own properties.
   */
  private Map<String, String> proxies() throws SettingsException {
    Map<String, String> found = new HashMap<>();
    String opts = settings.value(WEB_OPTS).orElse("") + " " + settings.value(MORE_OPTS).orElse("");
    for (String key : Transport.proxyProperties()) {
      Optional<String> own = clear(key);
      Matcher option =
          Pattern.compile("-D" + Pattern.quote(key) + "=[\"']?([^\\s\"']*)").matcher(opts);
      String last = "";
      while (option.find()) {
        last = option.group(1);
      }
      String value = own.isPresent() ? own.get() : last.isEmpty() ? System.getProperty(key) : last;
      if (value != null) {
        found.put(key, value);
      }
    }
    return found;
  }

  private Optional<String> clear(String key) throws SettingsException {
    Optional<Setting> setting = settings.used(key);
    return setting.isPresent() ? Optional.of(secrets.clear(setting.get())) : Optional.empty();
  }

  private boolean compression(List<String> problems) {
    Optional<Setting> setting = settings.get(COMPRESSION).filter(s -> !s.value().isEmpty());
    if (setting.isEmpty()) {
      return true;
    }
    String value = setting.get().value().toLowerCase(Locale.ROOT);
    if (!value.equals("true") && !value.equals("false")) {
      problems.add(setting.get() + ": is neither true nor false");
    }
    return value.equals("true");
  }

  private long seconds(String key, long otherwise, List<String> problems) {
    Optional<Setting> setting = settings.get(key).filter(s -> !s.value().isEmpty());
    if (setting.isEmpty()) {
      return otherwise;
    }
    if (!setting.get().value().matches("[1-9][0-9]{0,8}")) {
      problems.add(setting.get() + ": expected a number of seconds, at least 1");
      return otherwise;
    }
    return Long.parseLong(setting.get().value());
  }

  private Form form(List<String> problems) {
    if (options.form().isPresent()) {
      return options.form().get();
    }
    Optional<Setting> setting = settings.get(FORM).filter(s -> !s.value().isEmpty());
    for (Form known : Form.values()) {
      if (setting.filter(s -> s.value().equalsIgnoreCase(known.name())).isPresent()) {
        return known;
      }
    }
    setting.ifPresent(s -> problems.add(s + ": expected page or sonarqube"));
    return Form.PAGE;
  }

  /** Where pings go, and why. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Which members the payload has. */
  public Form form() {
    return form;
  }

  /** How messages travel. */
  public Transport transport() {
    return transport;
  }

  /** Which database it is: the setting that says so and where that stands, without the address. */
  public String databaseOrigin() {
    return database.origin();
  }

  /** The server's switch. */
  public SonarSwitch position() {
    return new SonarSwitch(options.home(), options.environment(), options.root());
  }

  /** Everything the server's telemetry is made of; the caller may set clocks and budgets. */
  public Telemetry.Builder telemetry(Clock clock) {
    Sources sources = new Sources(installation, settings, database, form, clock);
    Telemetry.Builder telemetry =
        Telemetry.of(SonarQube.dictionary(), transport)
            .state(options.state())
            .owner(owner())
            .switchedBy(position())
            .environment(options.environment())
            .cadence(cadence)
            .lease(new FileLease(options.state().resolve("lease"), lockDelay, clock))
            .slowIdentity(sources::id)
            .afterSources(database::end);
    sources(sources).forEach(named -> telemetry.source(named.name(), named.source()));
    return telemetry;
  }

  /**
   * The server's folder and, where it is no container, which are made anew, the machine: a copied
   * state directory must not opt out the server that it was copied from.
   */
  private String owner() {
    String words = "in " + options.home().toAbsolutePath().normalize();
    Path id = options.root().resolve("etc/machine-id");
    try {
      String machine = Files.readString(id).strip();
      if (machine.isEmpty() || installation.container()) {
        return words;
      }
      CRC32 hash = new CRC32();
      hash.update(("candor " + machine).getBytes(StandardCharsets.UTF_8));
      return words + String.format(Locale.ROOT, " on machine %08x", hash.getValue());
    } catch (IOException e) {
      return words;
    }
  }

  private record Named(String name, Source source) {}

  /** In the order of the wire. */
  private List<Named> sources(Sources from) {
    List<Named> all = new ArrayList<>();
    all.add(new Named("version", from::version));
    all.add(new Named("edition", from::edition));
    all.add(new Named("licenseType", from::licenseType));
    all.add(new Named("database", from::database));
    all.add(new Named("plugins", from::plugins));
    if (form == Form.PAGE) {
      all.add(new Named("externalAuthProviders", from::authProviders));
    } else {
      all.add(new Named("customSecurityConfig", from::securityConfig));
    }
    all.add(new Named("installation", from::installation));
    all.add(new Named("docker", from::docker));
    all.add(new Named("users", from::users));
    all.add(new Named("projects", from::projects));
    all.add(new Named("projects-general-stats", from::stats));
    if (form == Form.PAGE) {
      all.add(new Named("receipt", from::receipt));
    }
    return all;
  }
}
