package dev.candor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.collector.ReceiverSettings;
import dev.candor.collector.dashboard.Dashboard;
import dev.candor.collector.dashboard.DashboardSettings;
import dev.candor.store.Lifetime;
import dev.candor.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.openqa.selenium.By;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A running dashboard, and how people come in. */
final class Site implements AutoCloseable {
  static final String PASSWORD = "correct horse battery";
  private static final Instant NOW = Instant.parse("2026-06-30T18:00:00Z");

  private final Serve.Running running;
  private final URI address;
  private final URI first;

  private Site(Path data, Products products) throws IOException {
    running =
        Serve.Running.start(
            ReceiverSettings.of(data).withAddress("127.0.0.1", 0),
            Lifetime.DEFAULT,
            Optional.of(DashboardSettings.of(data).withAddress("127.0.0.1", 0)),
            products,
            Clock.fixed(NOW, ZoneOffset.UTC));
    Dashboard dashboard = running.dashboard().orElseThrow();
    address = dashboard.address();
    first = dashboard.firstStart().orElseThrow();
  }

  /** Of a made-up fleet, on its last day, on which time stands still. */
  static Site ofFleet(Path data) throws IOException {
    return ofFleet(data, 80, 100);
  }

  static Site ofFleet(Path data, int instances, int days) throws IOException {
    Path file = data.resolveSibling("fleet.ndjson");
    Door made =
        Door.candor(
            "simulate",
            "--instances",
            Integer.toString(instances),
            "--days",
            Integer.toString(days),
            "--seed",
            "7",
            "--end",
            LocalDate.ofInstant(NOW, ZoneOffset.UTC).toString(),
            "--output",
            file.toString());
    assertThat(made.err()).isEmpty();
    Door imported = Door.candor("import", "--data", data.toString(), file.toString());
    assertThat(imported.exitCode()).as(imported.err()).isZero();
    Files.delete(file);
    return of(data);
  }

  /** Of what is in that data directory. */
  static Site of(Path data) throws IOException {
    return new Site(data, new Products());
  }

  /** Of what is in that data directory, with the reports in that folder besides. */
  static Site of(Path data, Path reports) throws IOException {
    Options options = new Options();
    new CommandLine(options).parseArgs("--reports", reports.toString());
    return new Site(data, options.products);
  }

  /** What the command line says about products. */
  @Command
  private static final class Options {
    @Mixin private Products products = new Products();
  }

  URI at(String path) {
    return address.resolve(path);
  }

  /** Where the first administrator chooses a password, once. */
  URI first() {
    return first;
  }

  Dashboard dashboard() {
    return running.dashboard().orElseThrow();
  }

  Store store() {
    return running.store();
  }

  /** Signs in as the administrator, choosing the password if nobody has. */
  void administrator(Chromium chromium) {
    chromium.open(at("/sign-in"));
    if (chromium.has("p.note")) {
      chromium.open(first);
      choose(chromium);
    } else {
      signIn(chromium, "admin");
    }
  }

  /** Chooses the password, on the page that asks for it. */
  void choose(Chromium chromium) {
    chromium.one("[name=password]").sendKeys(PASSWORD);
    chromium.one("[name=again]").sendKeys(PASSWORD);
    chromium.leave(() -> chromium.one("main form button").click());
  }

  /** Signs in on the page that asks for name and password. */
  void signIn(Chromium chromium, String name) {
    chromium.one("[name=name]").sendKeys(name);
    chromium.one("[name=password]").sendKeys(PASSWORD);
    chromium.leave(() -> chromium.one("main form button").click());
  }

  /** Has the administrator invite somebody, and signs in as them. */
  void invited(Chromium chromium, String name, String role) {
    administrator(chromium);
    chromium.open(at("/admin/users"));
    chromium.one("main form.card [name=name]").sendKeys(name);
    chromium
        .one("main form.card select")
        .findElement(By.cssSelector("option[value=" + role + "]"))
        .click();
    chromium.leave(() -> chromium.one("main form.card button").click());
    URI link = at(chromium.one("code.secret").getText());
    chromium.leave(() -> chromium.one("form.who button").click());
    chromium.open(link);
    choose(chromium);
  }

  @Override
  public void close() {
    running.close();
  }

  /** Keeps a picture among what the build makes. */
  static void keep(String name, byte[] png) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "screenshots"));
      Files.write(folder.resolve(name + ".png"), png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
