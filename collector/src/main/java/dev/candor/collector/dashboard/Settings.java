package dev.candor.collector.dashboard;

import dev.candor.collector.Receiver;
import dev.candor.collector.ReceiverSettings;
import dev.candor.collector.access.Accounts;
import dev.candor.collector.access.Role;
import dev.candor.collector.access.Sessions;
import dev.candor.store.Product;
import dev.candor.store.Retention;
import dev.candor.store.Store;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is in force, and which option sets it; for administrators. Nothing is changed here: settings
 * are given where the receiver is started, and what changes while it runs has a page of its own.
 */
final class Settings {
  private final DashboardSettings dashboard;
  private final Receiver receiver;
  private final Store store;
  private final List<Product> products;
  private final Accounts accounts;
  private final Html html;
  private final Clock clock;

  Settings(
      DashboardSettings dashboard,
      Receiver receiver,
      Store store,
      List<Product> products,
      Accounts accounts,
      Html html,
      Clock clock) {
    this.dashboard = dashboard;
    this.receiver = receiver;
    this.store = store;
    this.products = products;
    this.accounts = accounts;
    this.html = html;
    this.clock = clock;
  }

  List<Endpoint> endpoints() {
    Role role = Role.ADMINISTRATOR;
    return List.of(
        Endpoint.get(role, "/admin/settings", "What is in force", this::page),
        Endpoint.get(
                role,
                "/api/v1/settings",
                "What is in force",
                _ -> Reply.json(new Json.Settings(groups())))
            .answering(Json.Settings.class));
  }

  private Reply page(Ask ask) throws IOException {
    return Reply.html(
        200, html.page("settings", html.shell("Settings", ask), Map.of("groups", groups())));
  }

  private List<Json.Group> groups() throws IOException {
    return List.of(
        new Json.Group("Receiver", receiver()),
        new Json.Group("Dashboard", dashboard()),
        new Json.Group("Who may come in", people()),
        new Json.Group("Data", data()),
        new Json.Group("Versions", versions()));
  }

  private List<Json.Setting> receiver() {
    ReceiverSettings settings = receiver.settings();
    List<Json.Setting> list = new ArrayList<>();
    list.add(set("Listens at", receiver.address().toString(), "--ingest"));
    list.add(
        set(
            "Clients reach it at",
            settings.url().map(Object::toString).orElse("where it listens"),
            "--ingest-url"));
    Instant now = clock.instant();
    for (Product product : products) {
      long good =
          receiver.keys().all().stream()
              .filter(key -> key.product().equals(product.name()) && key.isGood(now))
              .count();
      list.add(
          linked(
              "Ingest keys of " + product.dictionary().title(),
              good
                  + " good"
                  + (receiver.keys().demands(product.name())
                      ? ", and one is needed"
                      : ", but none is needed: everybody may send"),
              "/admin/keys"));
    }
    list.add(
        set(
            "Ids of users and projects",
            settings.rekey() ? "replaced by a keyed hash" : "kept as they come",
            "--no-rekey"));
    list.add(
        set(
            "Quarantine",
            settings.quarantineDays() == 0 ? "off" : settings.quarantineDays() + " days",
            "--quarantine"));
    return list;
  }

  private List<Json.Setting> dashboard() {
    List<Json.Setting> list = new ArrayList<>();
    list.add(
        set(
            "Listens at",
            (dashboard.host().contains(":") ? "[" + dashboard.host() + "]" : dashboard.host())
                + ":"
                + (dashboard.port() == 0 ? "any free port" : dashboard.port()),
            "--dashboard"));
    list.add(
        set(
            "Browsers find it at",
            dashboard.publicUrl().map(Object::toString).orElse("where it listens"),
            "--public-url"));
    list.add(
        set(
            "TLS",
            dashboard.certificate().map(file -> "certificate " + file).orElse("no certificate"),
            "--tls-certificate, --tls-key"));
    list.add(
        set(
            "A proxy in front speaks TLS",
            dashboard.behindProxy() ? "yes" : "no",
            "--behind-tls-proxy"));
    list.add(
        set(
            "Groups folded for viewers",
            "of fewer than " + dashboard.threshold() + " instances",
            "--threshold"));
    return list;
  }

  private List<Json.Setting> people() {
    return List.of(
        set(
            "OpenID Connect",
            dashboard
                .openId()
                .map(
                    how ->
                        "by "
                            + how.issuer()
                            + (how.passwords() ? ", beside passwords" : ", and no passwords"))
                .orElse("off"),
            "--oidc"),
        linked("Accounts", Integer.toString(accounts.accounts().size()), "/admin/users"),
        linked("Tokens", Integer.toString(accounts.tokens().size()), "/admin/tokens"),
        fixed("Sessions end without use after", Sessions.IDLE.toMinutes() + " minutes"),
        fixed("Sessions end in any case after", Sessions.LONGEST.toHours() + " hours"),
        fixed("Invitations are good for", Accounts.INVITED_FOR.toDays() + " days"),
        fixed("Tokens last at most", Accounts.LONGEST_TOKEN.toDays() + " days"));
  }

  private List<Json.Setting> data() throws IOException {
    Path data = dashboard.data();
    List<Json.Setting> list = new ArrayList<>();
    list.add(set("Directory", data.toAbsolutePath().normalize().toString(), "--data"));
    int days = store.lifetime().days();
    list.add(set("Messages are kept", days == 0 ? "for ever" : days + " days", "--retention"));
    for (Retention last : store.retentions(1)) {
      list.add(
          fixed(
              "Last let go",
              String.format(
                  Locale.ROOT,
                  "%d messages of before %s, at %s",
                  last.messages(),
                  last.keptFrom(),
                  last.at().truncatedTo(ChronoUnit.SECONDS))));
    }
    list.add(
        set(
            "When an instance opts out",
            store.lifetime().eraseOnOptOut() ? "what it sent is erased" : "what it sent is kept",
            "--keep-after-opt-out"));
    list.add(fixed("On the disk, in all", size(data)));
    list.add(fixed("Store", size(data.resolve("store.duckdb"))));
    list.add(fixed("Journal, not loaded yet", size(data.resolve("journal"))));
    list.add(fixed("Quarantine on the disk", size(data.resolve("quarantine"))));
    list.add(linked("Audit log", size(data.resolve("access/audit.ndjson")), "/admin/audit"));
    return list;
  }

  private List<Json.Setting> versions() throws IOException {
    String candor = Settings.class.getPackage().getImplementationVersion();
    String duckdb =
        String.valueOf(
            store.ask(products.getFirst().name(), "SELECT version()").rows().getFirst().getFirst());
    return List.of(
        fixed("Candor", Optional.ofNullable(candor).orElse("built from source")),
        fixed("DuckDB", duckdb),
        fixed("Java", Runtime.version().toString()));
  }

  private static Json.Setting set(String name, String value, String option) {
    return new Json.Setting(name, value, option, null);
  }

  private static Json.Setting linked(String name, String value, String href) {
    return new Json.Setting(name, value, null, href);
  }

  private static Json.Setting fixed(String name, String value) {
    return new Json.Setting(name, value, null, null);
  }

  private static String size(Path path) throws IOException {
    long[] bytes = new long[1];
    if (Files.exists(path)) {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              bytes[0] += attributes.size();
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, @Nullable IOException e) {
              return FileVisitResult.CONTINUE; // It was loaded or pruned meanwhile.
            }
          });
    }
    return bytes[0] < 1_000_000
        ? bytes[0] / 1000 + " kB"
        : String.format(Locale.ROOT, "%.1f MB", bytes[0] / 1e6);
  }
}
